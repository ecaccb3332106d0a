package resourceleak

import (
	"strings"
	"testing"
)

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"kind\tbody", "line 1: 2 columns of \"kind\", want 6"},
		{"# comment\ntype\tp\tT\tnone", "line 2: unknown kind \"none\""},
		{"verb\tx", "2 columns of \"verb\", want 0"},
		{"kind\tk\tclosed\t.Close()\t-\tholds\nfunc\tp\tF\tk\tfirst", "line 2: "},
	} {
		if _, err := parse(test.source); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("parsing %q: error %v, want %q", test.source, err, test.want)
		}
	}
}

func TestTable(t *testing.T) {
	table, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if body := table.types["net/http.Response"]; body == nil || !body.is("bodyclose") || body.is("pool") {
		t.Errorf("net/http.Response is %+v", body)
	}
	if rows, ok := table.funcs["net/http.Client.Head"]; !ok || len(rows) > 0 {
		t.Errorf("net/http.Client.Head hands out %v", rows)
	}
	if to := table.fates["net/http.Server.Serve"]; to != gone {
		t.Errorf("net/http.Server.Serve: %v", to)
	}
}

func TestReleases(t *testing.T) {
	for name, want := range map[string]bool{
		"Close": true, "CloseNow": true, "closeIdle": true, "Closed": false, "Closer": false,
		"GracefulStop": true, "Endpoint": false, "End": true, "Waiting": false,
	} {
		if got := releases(name); got != want {
			t.Errorf("releases(%q) = %t, want %t", name, got, want)
		}
	}
}
