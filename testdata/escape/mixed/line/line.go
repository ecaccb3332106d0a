// Package line has positions that //line directives change.
package line

var sink any

func before(n int) { sink = n }

//line grammar.y:100
func Without(n int) { sink = n }

//line grammar.y:200:1
func With(n int) { sink = n }

func after(n int) *int { before(n); return &n }
