// Package a has directives to heapvet, good and bad.
//
/* want `directive //heapvet:colt is unknown; did you mean //heapvet:cold\?` */ //heapvet:colt
package a

// Hot runs per request.
//
//heapvet:hot
func Hot() {
	/* want `^//heapvet:hot does nothing here: it belongs to the doc comment of a function$` */ //heapvet:hot
	for range 3 {
	}
}

/* want `^directive //heapvet:ingore is unknown; did you mean //heapvet:ignore\?$` */ //heapvet:ingore hotescape called once an hour

/* want `^directive //heapvet:quiet is unknown$` */ //heapvet:quiet

/* want `^directive //heapvet: is unknown$` */ //heapvet:

/* want `^comment "// heapvet:hot" is no directive; did you mean //heapvet:hot\?$` */ // heapvet:hot

/* want `comment "// \+heapvet:hot" is no directive` */ // +heapvet:hot

/* want `comment "//heapvet hot" is no directive` */ //heapvet hot

/* want `comment "//haepvet:ignore" is no directive; did you mean //heapvet:ignore\?` */ //haepvet:ignore hotescape called once an hour

// heapvet:hot is a directive that marks functions; this comment is prose.

// heapvet is a tool; this comment is prose, too. An example may be indented:
//
//	//heapvet:ignore hotescape called once an hour

// Cold does not run per request.
//
//heapvet:cold
type Cold struct {
	n int
	/* want `^//heapvet:cold does nothing here: it belongs to the doc comment of a function, a type or a package$` */ //heapvet:cold
	m int
}

/* want `//heapvet:cold does nothing here` */ //heapvet:cold
type (
	// Grouped types may be cold, each by itself.
	//
	//heapvet:cold
	Grouped struct{}
)

/* want `//heapvet:hot does nothing here` */ //heapvet:hot
var count = make(map[string]int)

/* want `^//heapvet:bounded does nothing here: nothing adds to "days"$` */ //heapvet:bounded the keys are the days of the week
var days = make(map[string]int)

/* want `^//heapvet:bounded needs a reason$` */ //heapvet:bounded
var months = make(map[string]int)

func reasons() {
	/* want `^//heapvet:ignore needs a check and a reason$` */ //heapvet:ignore
	_ = Cold{}

	/* want `^//heapvet:ignore hotescape needs a reason$` */ //heapvet:ignore hotescape
	_ = Cold{}

	/* want `^//heapvet:ignore names the unknown check "hotescpae"; did you mean "hotescape"\?$` */ //heapvet:ignore hotescpae too small
	_ = Cold{}

	/* want `^//heapvet:ignore names the unknown check "errcheck"$` */ //heapvet:ignore errcheck too small
	_ = Cold{}

	//heapvet:ignore hotescape called once an hour
	_ = Cold{}

	/* want `^//heapvet:allow needs a reason$` */ //heapvet:allow
	_ = Cold{}
}

func silenced() {
	//heapvet:ignore directive the next line shows a mistake
	//heapvet:hott
	_ = Cold{}
}

/* want `^directive //gcassert:noescpe is unknown; did you mean noescape\?$` */ //gcassert:noescpe

/* want `^// \+checkescape does nothing here: it belongs to the doc comment of a function$` */ // +checkescape

/* want `^comment "// \+checkescpae:all" is no directive; did you mean // \+checkescape\?$` */ // +checkescpae:all

// escape is held to what it says.
//
/* want `^// \+checkescape has no option "lcoal"; did you mean local\?$` */ // +checkescape:lcoal
func escape() {}

// escapes is well.
//
// +checkescape:local,heap
func escapes() {
	for range 3 { //gcassert:bce
	}
}
