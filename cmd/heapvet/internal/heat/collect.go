package heat

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/hotcode"
)

// collect returns the heat of the module, and the lines of which the checks
// say something else when they know no more than that of a module.
func collect(s *session.Session) (*answers.Module, error) {
	known := &answers.Module{Paths: s.Program.Modules}
	s.Config.Module.Answer(known)
	alone, err := heatAlone(s, known)
	if err != nil {
		return nil, err
	}
	s.Config.Module.Correct(known, alone)
	whole, err := diagnose(s, s.Config)
	if err != nil {
		return nil, err
	}
	modular := s.Config
	modular.Module, modular.Answers = nil, known
	single, err := diagnose(s, modular)
	if err != nil {
		return nil, err
	}
	for _, pkg := range s.Program.Own {
		text := answers.NewText(pkg.Fset, pkg.Syntax, os.ReadFile)
		p := known.Add(pkg.PkgPath, pkg.Name)
		p.Verdicts = append(p.Verdicts, whole.missing(pkg, single, text)...)
		p.Verdicts = append(p.Verdicts, whole.refuted(pkg, single, text)...)
	}
	return known, nil
}

// heatAlone returns the heat of all functions as their packages show it by
// themselves, with what is known.
func heatAlone(s *session.Session, known *answers.Module) (map[ast.Node]hotcode.Opinion, error) {
	cfg := s.Config
	cfg.Module, cfg.Answers = nil, known
	heat, _ := passes.Facts(cfg)
	graph, err := analyse(s, []*analysis.Analyzer{heat})
	if err != nil {
		return nil, err
	}
	alone := make(map[ast.Node]hotcode.Opinion)
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, fmt.Errorf("finding hot code in %s: %w", act.Package.PkgPath, act.Err)
		}
		act.Result.(*hotcode.Result).Opinions(alone)
	}
	return alone, nil
}

// analyse runs analyzers on all packages of the module.
func analyse(s *session.Session, analyzers []*analysis.Analyzer) (*checker.Graph, error) {
	session.Guard(analyzers)
	graph, err := checker.Analyze(analyzers, s.Program.Own, nil)
	if err != nil {
		return nil, fmt.Errorf("running the checks: %w", err)
	}
	return graph, nil
}

// A place is a line of a file, whatever //line directives say, and a check:
// a check has at most one finding on a line.
type place struct {
	pkg, check, file string
	line             int
}

// A report is the findings of a run, of both tiers.
type report struct {
	found map[place]analysis.Diagnostic
	order []place // by package, check and position
}

// diagnose runs the suite of one configuration.
func diagnose(s *session.Session, cfg passes.Config) (*report, error) {
	cfg.Advice = true
	graph, err := analyse(s, passes.New(cfg))
	if err != nil {
		return nil, err
	}
	r := &report{found: make(map[place]analysis.Diagnostic)}
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, fmt.Errorf("running %s on %s: %w", act.Analyzer.Name, act.Package.PkgPath, act.Err)
		}
		for _, d := range act.Diagnostics {
			at := placeOf(act.Package, act.Analyzer.Name, d.Pos)
			if _, ok := r.found[at]; !ok {
				r.found[at] = d
				r.order = append(r.order, at)
			}
		}
	}
	return r, nil
}

func placeOf(pkg *packages.Package, check string, pos token.Pos) place {
	at := pkg.Fset.PositionFor(pos, false)
	return place{pkg.PkgPath, check, at.Filename, at.Line}
}

// missing returns verdicts for the findings in pkg that other has not, or
// words in another way.
func (r *report) missing(pkg *packages.Package, other *report, text *answers.Text) []answers.Verdict {
	var all []answers.Verdict
	for _, at := range r.order {
		d := r.found[at]
		if old, ok := other.found[at]; at.pkg != pkg.PkgPath || ok && old.Pos == d.Pos && old.Message == d.Message {
			continue
		}
		v := answers.Verdict{Check: at.check}
		v.Message, v.Advice = strings.CutSuffix(d.Message, " [advice]")
		if text.Place(d.Pos, &v) && !strings.ContainsAny(v.Message, "\r\n") {
			all = append(all, v)
		}
	}
	return all
}

// refuted returns verdicts for the lines of pkg where only other has
// findings.
func (r *report) refuted(pkg *packages.Package, other *report, text *answers.Text) []answers.Verdict {
	var all []answers.Verdict
	for _, at := range other.order {
		if _, ok := r.found[at]; at.pkg != pkg.PkgPath || ok {
			continue
		}
		v := answers.Verdict{Check: at.check}
		if text.Place(other.found[at].Pos, &v) {
			all = append(all, v)
		}
	}
	return all
}
