package main

import "fmt"

func deeper(left int) int {
	var room [1000]byte
	room[left%1000] = 1
	if left == 0 {
		return 0
	}
	return deeper(left-1) + int(room[left%1000])
}

func main() { fmt.Println(deeper(60000)) }
