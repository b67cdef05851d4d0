package main

import "fmt"

func deeper(n int) int { return deeper(n+1) + n }

func main() { fmt.Println(deeper(0)) }
