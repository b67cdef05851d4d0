package main

import "net"

func main() {
	if _, err := net.Dial("tcp", "93.184.215.14:80"); err != nil {
		panic(err)
	}
	println("connected")
}
