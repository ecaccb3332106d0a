package plugin

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes"
)

// m is what golangci-lint makes of a mapping in YAML.
type m = map[string]any

func TestChecks(t *testing.T) {
	all := passes.New(passes.Config{})
	but := func(names ...string) []string {
		var rest []string
		for _, a := range all {
			if !slices.Contains(names, a.Name) {
				rest = append(rest, a.Name)
			}
		}
		return rest
	}
	tests := []struct {
		name string
		raw  any
		want []string
	}{
		{"no settings", nil, but()},
		{"empty settings", m{}, but()},
		{"empty keys", m{"checks": nil, "options": nil}, but()},
		{"one off", m{"checks": m{"hotconv": false}}, but("hotconv")},
		{"one on", m{"checks": m{"hotconv": true}}, []string{"hotconv"}},
		{"one on, one off", m{"checks": m{"hotconv": true, "hotescape": false}}, []string{"hotconv"}},
		{"all other keys", m{"tier": "advice", "compiler": false}, but()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := names(analyzers(t, tt.raw)); !slices.Equal(got, tt.want) {
				t.Errorf("checks are %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	checks := analyzers(t, m{"options": m{"unboundedinput": m{"max-body": 4096}}})
	i := slices.Index(names(checks), "unboundedinput")
	if got := checks[i].Flags.Lookup("max-body").Value.String(); got != "4096" {
		t.Errorf("-unboundedinput.max-body is %s, want 4096", got)
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		raw              any
		advice, compiler bool
	}{
		{nil, false, true},
		{m{"tier": "default", "compiler": true}, false, true},
		{m{"tier": "advice"}, true, true},
		{m{"compiler": false}, false, false},
	} {
		s, err := parse(tt.raw)
		if err != nil || s.advice != tt.advice || s.compiler != tt.compiler {
			t.Errorf("parse(%v) = advice %v, compiler %v, error %v; want %v and %v", tt.raw, s.advice, s.compiler, err, tt.advice, tt.compiler)
		}
	}
}

// TestMistakes shows that errors name the key and what may stand there.
func TestMistakes(t *testing.T) {
	tests := []struct {
		raw  any
		want string
	}{
		{"advice", `invalid value "advice" for settings: want a mapping`},
		{m{"teir": "advice"}, `unknown key "teir": want checks, compiler, heat-file, options or tier`},
		{m{"severity": "error"}, `severity is set by golangci-lint's own severity section, whose rules may go by the check's name: `},
		{m{"tier": "all"}, `invalid value "all" for tier: want default or advice`},
		{m{"tier": 1}, `invalid value 1 for tier: want default or advice`},
		{m{"tier": nil}, `invalid value <nil> for tier: want default or advice`},
		{m{"compiler": "yes"}, `invalid value "yes" for compiler: want true or false`},
		{m{"checks": []any{"hotconv"}}, `invalid value [hotconv] for checks: want a mapping`},
		{m{"checks": m{"hotcnov": false}}, `checks: unknown check "hotcnov": want one of hotescape, hotconv, `},
		{m{"checks": m{"hotconv": "off"}}, `invalid value "off" for checks.hotconv: want true or false`},
		{m{"options": 1}, `invalid value 1 for options: want a mapping`},
		{m{"options": m{"x": nil}}, `options: unknown check "x": want one of hotescape, `},
		{m{"options": m{"unboundedinput": 1}}, `invalid value 1 for options.unboundedinput: want a mapping`},
		{m{"options": m{"unboundedinput": m{"max": 1}}}, `options.unboundedinput.max: unknown option "max": the check's options are [max-body]`},
		{m{"options": m{"hotconv": m{"max": 1}}}, `options.hotconv.max: unknown option "max": the check's options are []`},
		{m{"options": m{"unboundedinput": m{"max-body": "1 MB"}}}, `options.unboundedinput.max-body: invalid value "1 MB": parse error; it is to offer fixes that limit`},
	}
	for _, tt := range tests {
		_, err := New(tt.raw)
		if err == nil || !strings.HasPrefix(err.Error(), "reading heapvet's settings: "+tt.want) {
			t.Errorf("New(%v): error %q, want %q", tt.raw, err, tt.want)
		}
	}
}

func analyzers(t *testing.T, raw any) []*analysis.Analyzer {
	t.Helper()
	l, err := New(raw)
	if err != nil {
		t.Fatal(err)
	}
	_, checks, err := l.(*linter).checks()
	if err != nil {
		t.Fatal(err)
	}
	if err := analysis.Validate(checks); err != nil {
		t.Error(err)
	}
	return checks
}

func names(checks []*analysis.Analyzer) []string {
	var names []string
	for _, check := range checks {
		names = append(names, check.Name)
	}
	return names
}
