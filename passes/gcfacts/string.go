package gcfacts

import "strconv"

var verdictNames = [...]string{"NoData", "Stack", "StackIfSmall", "Heap", "HeapNoAlloc", "NotReported"}

// String returns the verdict's name.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "Verdict(" + strconv.Itoa(int(v)) + ")"
}

var kindNames = [...]string{
	"Unknown", "Moved", "NewCall", "PtrLit", "SliceLit", "MapLit", "MakeSlice", "MakeMap", "Append", "Closure",
	"MethodValue", "Variadic", "Concat", "Conv", "Box", "RangeFunc", "Inlined", "GoCall",
}

// String returns the kind's name.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}
