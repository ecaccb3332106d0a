package check

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/heapvet/heapvet/passes"
)

// usage is what heapvet help says before the flags.
const usage = `heapvet finds what makes a Go server's memory grow and the heap allocations
that its per-request code does not need, and holds them against what the
compiler decided.

Usage:
	heapvet [flags] [packages]          report findings in packages (default: .)
	go vet -vettool=$(which heapvet) [flags] [packages]
	                                    the same from go vet, one package at a time
	heapvet explain FILE:LINE           tell what the compiler did on a line, and why
	heapvet hot [-counts] [packages]    list the code that runs per request, and why
	heapvet heat [-o FILE] [packages]   write what is hot to a heat file, for go vet and its like;
	                                    -sum FILE prints its name with its hash, as -heat wants it
	heapvet lsp [-gopls=FILE] [args]    stand between an editor and gopls; args are gopls's
	heapvet help [check]                this text, or all about one check
	heapvet version                     print the version

What is hot is found over the packages named and what they import of their
own modules: ./... knows most. go vet knows one package at a time, and what
its imports say about themselves, unless a heat file tells the rest.

Exit status: 0 nothing found, 1 findings, 2 heapvet could not do its job, or
found nothing but could not read every package. With -fix, 0 says that no
finding is left; with -diff, that there is nothing to change.

Flags:
`

// Help prints the general help, or that of the named check.
func Help(w io.Writer, names []string) error {
	suite := passes.New(passes.Config{})
	for _, name := range names {
		found := false
		for _, a := range suite {
			if a.Name != name {
				continue
			}
			found = true
			fmt.Fprintf(w, "%s\n", strings.TrimSpace(a.Doc))
			a.Flags.VisitAll(func(f *flag.Flag) { printFlag(w, a.Name+"."+f.Name, f) })
		}
		if !found {
			return fmt.Errorf("there is no check %q; heapvet help lists them", name)
		}
	}
	if len(names) > 0 {
		return nil
	}
	fmt.Fprint(w, usage)
	newFlags(new(options)).VisitAll(func(f *flag.Flag) {
		for _, a := range suite {
			if f.Name == a.Name || strings.HasPrefix(f.Name, a.Name+".") {
				return // listed with the checks
			}
		}
		printFlag(w, f.Name, f)
	})
	fmt.Fprint(w, "\nChecks (-NAME runs only those so named, -NAME=false all but these):\n")
	for _, a := range suite {
		title, _, _ := strings.Cut(a.Doc, "\n")
		fmt.Fprintf(w, "\t%s\n", title)
	}
	return nil
}

// printFlag prints a flag as package flag does, but for its default.
func printFlag(w io.Writer, name string, f *flag.Flag) {
	arg, text := flag.UnquoteUsage(f)
	if arg != "" {
		arg = " " + arg
	}
	fmt.Fprintf(w, "\t-%s%s\n\t\t%s\n", name, arg, text)
}
