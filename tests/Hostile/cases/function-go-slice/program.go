package main

func f(items []int, k int64) []int64 {
	out := []int64{}
	for _, x := range items {
		out = append(out, int64(x)*int64(x))
	}
	return append(out, k)
}
