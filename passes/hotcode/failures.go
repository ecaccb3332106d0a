package hotcode

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Failures knows what code runs on failure only, in functions of any heat.
// It is for one goroutine.
type Failures struct{ failures *failures }

// NewFailures returns a Failures that has looked at no function yet.
func NewFailures() Failures { return Failures{newFailures(parseRules(rootsTable))} }

// Block reports whether all ways on from block lead to an error, a panic or
// a failure that is told.
func (f Failures) Block(block *ssa.BasicBlock) bool { return f.failures.block(block) }

// In returns a function that reports whether a place in fn, not in the
// literals of fn, is in a statement that runs on failure only.
func (f Failures) In(fn *ssa.Function) func(token.Pos) bool {
	marks := marksOf(fn, f.failures.block)
	var failing []span
	inspect(fn.Syntax(), func(n ast.Node) {
		if stmt, ok := n.(ast.Stmt); ok && marks.all(stmt) {
			failing = append(failing, spanOf(stmt))
		}
	})
	failing = merge(failing)
	return func(pos token.Pos) bool { return within(failing, pos) }
}
