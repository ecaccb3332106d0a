//go:build !amd64

package asm

func add(a, b int) int { return a + b }
