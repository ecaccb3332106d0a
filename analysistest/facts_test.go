package analysistest

import (
	"go/token"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

type goodFact struct{ Params []int }

func (*goodFact) AFact() {}

type mapFact struct{ Seen map[string]bool }

func (*mapFact) AFact() {}

type posFact struct{ At []token.Pos }

func (*posFact) AFact() {}

type funcFact struct{ F func() }

func (*funcFact) AFact() {}

// driftFact is one byte longer each time it is encoded.
type driftFact struct{ text string }

func (*driftFact) AFact() {}

func (f *driftFact) GobEncode() ([]byte, error) { return []byte(f.text + "!"), nil }

func (f *driftFact) GobDecode(data []byte) error { f.text = string(data); return nil }

func TestCheckFacts(t *testing.T) {
	CheckFacts(t, "good", []analysis.Fact{&goodFact{}, &goodFact{Params: []int{0, 2}}})
	for _, test := range []struct {
		fact analysis.Fact
		want string
	}{
		{&mapFact{}, "mapFact: holds a map"},
		{&posFact{}, "posFact: holds a token.Pos"},
		{&funcFact{}, "funcFact: encoding: "},
		{&driftFact{"x"}, "driftFact: the second encoding differs"},
		{&goodFact{make([]int, maxFacts)}, "the facts take"},
	} {
		var got recorder
		CheckFacts(&got, "bad", []analysis.Fact{test.fact})
		if len(got) != 1 || !strings.Contains(got[0], test.want) {
			t.Errorf("%T: recorded %q, want %q", test.fact, got, test.want)
		}
	}
}
