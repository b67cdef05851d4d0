package main

import "fmt"

func main() {
	var kept [][]byte
	for i := 0; i < 110; i++ {
		part := make([]byte, 1<<20)
		for j := range part {
			part[j] = 1
		}
		kept = append(kept, part)
	}
	fmt.Println(len(kept))
}
