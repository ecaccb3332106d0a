package asm

func add(a, b int) int
