package reqflow_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/reqflow"
)

func Test(t *testing.T) {
	build := buildssa.New(nil, nil)
	flow := reqflow.New(build, hotcode.New(build, nil, nil), nil, nil)
	dir, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, dir, reporter(build, flow), "reqflow/flow", "reqflow/lib", "reqflow/app")
}

// reporter reports the flow of what the functions of a package pass to sink.
func reporter(build, flow *analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "sinks",
		Doc:      "report what flows to sink",
		Requires: []*analysis.Analyzer{build, flow},
		Run: func(pass *analysis.Pass) (any, error) {
			result := pass.ResultOf[flow].(*reqflow.Result)
			for _, fn := range pass.ResultOf[build].(*buildssa.SSA).Funcs {
				for _, b := range fn.Blocks {
					for _, instr := range b.Instrs {
						call, ok := instr.(*ssa.Call)
						if !ok || call.Call.StaticCallee() == nil || call.Call.StaticCallee().Name() != "sink" {
							continue
						}
						arg := call.Call.Args[0].(*ssa.MakeInterface).X
						pass.Reportf(call.Pos(), "%s", text(result.ValueAt(arg, call)))
					}
				}
			}
			return nil, nil
		},
	}
}

func text(f reqflow.Flow) string {
	text := f.Origin.String()
	if f.Bounded {
		text += " bounded"
	}
	if f.Tainted() {
		text += " " + f.Source
	}
	return text
}
