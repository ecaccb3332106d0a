package resourceleak

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A meaning is what a value is to the one resource that a walk follows.
type meaning uint8

const (
	other    meaning = iota // nothing of interest
	resource                // the resource itself
	part                    // the field of it that is to be closed, such as the Body of a response
	carrier                 // an object that holds it, and is as good
	view                    // an object that refers to it, but cannot release it
	closer                  // a function that releases it
	failure                 // the error of the call that acquired it
	verdict                 // the error that decides who has it, see split
	isNil
	isNotNil
	isTrue
	isFalse
)

// holds reports whether who gets the value gets the resource.
func (m meaning) holds() bool {
	return m == resource || m == part || m == carrier || m == view || m == closer
}

// A split is a call that took over the resource depending on its error.
type split struct {
	success, failure owner
}

// An owner is who has the resource after a call.
type owner uint8

const (
	caller  owner = iota // still who called
	nobody               // it was released, or is somebody else's
	inValue              // a result of the call
)

// A refinement is what a branch has told about a value. It holds where the
// branch has surely been taken.
type refinement struct {
	meaning meaning
	from    *ssa.BasicBlock
}

// A known is the outcome of a condition that is tested more than once.
type known struct {
	holds bool
	regs  []ssa.Value // that it depends on
	loads bool        // it depends on memory
}

// A state is what is known on one way through a function.
type state struct {
	sure   bool // the resource was acquired; before that, the call may have failed
	used   bool // what it delivers was handed to somebody
	done   bool // it needs no release any more
	fields bool // it is held by an object of the function
	split  *split
	result ssa.Value // the value that has it if split says so

	values  map[ssa.Value]meaning
	memory  map[string]meaning // local variables and their fields, by place
	refined map[ssa.Value]refinement
	facts   map[string]known
}

func newState() *state {
	return &state{
		values:  make(map[ssa.Value]meaning),
		memory:  make(map[string]meaning),
		refined: make(map[ssa.Value]refinement),
		facts:   make(map[string]known),
	}
}

func (s *state) clone() *state {
	c := *s
	c.values = cloneMap(s.values)
	c.memory = cloneMap(s.memory)
	c.refined = cloneMap(s.refined)
	c.facts = cloneMap(s.facts)
	return &c
}

func cloneMap[K comparable, V any](m map[K]V) map[K]V {
	c := make(map[K]V, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// set says what v is from now on.
func (s *state) set(v ssa.Value, m meaning) {
	if m == other {
		delete(s.values, v)
		return
	}
	s.values[v] = m
}

// store says what the local variable at place holds from now on.
func (s *state) store(place string, m meaning) {
	if m == other {
		delete(s.memory, place)
		return
	}
	s.memory[place] = m
}

// settle says what the error is that st.split waits for, under all its names.
func (s *state) settle(m meaning) {
	for v, old := range s.values {
		if old == verdict {
			s.set(v, m)
		}
	}
	for place, old := range s.memory {
		if old == verdict {
			s.store(place, m)
		}
	}
	s.split = nil
}

// meaning returns what v is.
func (s *state) meaning(v ssa.Value) meaning {
	if k, ok := v.(*ssa.Const); ok {
		return constMeaning(k)
	}
	if m := s.values[v]; m != other {
		return m
	}
	return s.refined[v].meaning
}

func constMeaning(k *ssa.Const) meaning {
	if k.IsNil() {
		return isNil
	}
	if b, ok := k.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsBoolean != 0 && k.Value != nil {
		if k.Value.String() == "true" {
			return isTrue
		}
		return isFalse
	}
	return other
}

// enter forgets what cannot matter in block, which is entered from pred.
func (s *state) enter(block, pred *ssa.BasicBlock) {
	stale := func(v ssa.Value) bool {
		instr, ok := v.(ssa.Instruction)
		if !ok {
			return false // a parameter
		}
		b := instr.Block()
		return b == block || !b.Dominates(block)
	}
	for v := range s.values {
		if stale(v) {
			delete(s.values, v)
		}
	}
	for v, r := range s.refined {
		if stale(v) || !r.from.Dominates(block) {
			delete(s.refined, v)
		}
	}
	again := pred != nil && block.Dominates(pred)
	for key, k := range s.facts {
		if again && k.loads || slices.ContainsFunc(k.regs, stale) {
			delete(s.facts, key)
		}
	}
}

// key returns a text that is the same for equal states in block.
func (s *state) key(block *ssa.BasicBlock) string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(block.Index))
	for _, flag := range []bool{s.sure, s.used, s.done, s.fields} {
		b.WriteByte(' ' + byte(btoi(flag)))
	}
	if s.split != nil {
		b.WriteByte('0' + byte(s.split.success))
		b.WriteByte('0' + byte(s.split.failure))
	}
	var parts []string
	for v, m := range s.values {
		parts = append(parts, v.Name()+"="+strconv.Itoa(int(m)))
	}
	for v, r := range s.refined {
		parts = append(parts, v.Name()+"?"+strconv.Itoa(int(r.meaning)))
	}
	for place, m := range s.memory {
		parts = append(parts, "*"+place+"="+strconv.Itoa(int(m)))
	}
	for key, k := range s.facts {
		parts = append(parts, key+"="+strconv.Itoa(btoi(k.holds)))
	}
	slices.SortFunc(parts, cmp.Compare[string])
	b.WriteString(strings.Join(parts, " "))
	return b.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// place returns a name for the local variable, or part of one, that addr is
// the address of, and the variable; "" for other addresses.
func place(addr ssa.Value) (string, *ssa.Alloc) {
	switch addr := addr.(type) {
	case *ssa.Alloc:
		return addr.Name(), addr
	case *ssa.FieldAddr:
		if p, root := place(addr.X); root != nil {
			return p + "." + strconv.Itoa(addr.Field), root
		}
	case *ssa.IndexAddr:
		if p, root := place(addr.X); root != nil {
			if k, ok := addr.Index.(*ssa.Const); ok {
				return p + "[" + k.Value.String() + "]", root
			}
		}
	}
	return "", nil
}

// conditionKey returns a text that two conditions share if they are equal
// whenever nothing they depend on has changed; "" if there is none.
func conditionKey(v ssa.Value) (key string, k known) {
	key, ok := exprKey(v, &k, 0)
	if !ok {
		return "", known{}
	}
	return key, k
}

func exprKey(v ssa.Value, k *known, depth int) (string, bool) {
	const maxDepth = 6
	if depth > maxDepth {
		return "", false
	}
	switch v := v.(type) {
	case *ssa.Const:
		return v.String(), true
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		return v.Name(), true
	case *ssa.BinOp:
		x, ok := exprKey(v.X, k, depth+1)
		y, ok2 := exprKey(v.Y, k, depth+1)
		op := v.Op
		if op == token.NEQ {
			op = token.EQL // the caller turns the outcome
		}
		return "(" + x + op.String() + y + ")", ok && ok2
	case *ssa.UnOp:
		if v.Op == token.MUL {
			k.loads = true
			x, ok := exprKey(v.X, k, depth+1)
			return "*" + x, ok
		}
	case *ssa.FieldAddr:
		x, ok := exprKey(v.X, k, depth+1)
		return x + "." + strconv.Itoa(v.Field), ok
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			x, ok := exprKey(v.Call.Args[0], k, depth+1)
			return "len(" + x + ")", ok
		}
	}
	k.regs = append(k.regs, v)
	return v.Name(), true
}
