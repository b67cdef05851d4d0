package main

import "fmt"

func f(counts map[string]int, flag bool, sign rune, word string) (map[string][]float64, error) {
	out := map[string][]float64{}
	for k, v := range counts {
		out[k] = []float64{float64(v), float64(v) / 2}
	}
	if flag {
		out[fmt.Sprintf("%c%s", sign, word)] = []float64{}
	}
	return out, nil
}
