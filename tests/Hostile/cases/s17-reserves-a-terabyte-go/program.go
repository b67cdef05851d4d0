package main

import (
	"fmt"
	"syscall"
)

func main() {
	_, err := syscall.Mmap(-1, 0, 1<<40, syscall.PROT_NONE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE)
	if err != nil {
		panic(err)
	}
	fmt.Println("reserved")
}
