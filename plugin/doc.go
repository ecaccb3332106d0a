// Package plugin is heapvet as a module plugin of golangci-lint.
//
// Importing it registers the linter heapvet. Directory golangci has a
// golangci-lint that does; with `golangci-lint custom` name this package:
//
//	plugins:
//	  - module: github.com/heapvet/heapvet
//	    import: github.com/heapvet/heapvet/plugin
//	    version: latest
//
// In .golangci.yml, with all settings and their defaults:
//
//	linters:
//	  enable: [heapvet]
//	  settings:
//	    custom:
//	      heapvet:
//	        type: module
//	        settings:
//	          tier: default     # or advice: report findings of both tiers
//	          compiler: true    # false: do not ask the compiler; findings say unconfirmed
//	          heat-file: FILE   # what heapvet heat wrote: default.heat@0123456789ab; none by default
//	          checks: {}        # hotconv: false turns a check off, hotconv: true all others
//	          options: {}       # unboundedinput: {max-body: 1048576}, see the check's page
//
// A key or value that is not among these is an error.
//
// The linter's name is heapvet whatever the check, so //nolint:heapvet
// silences all checks on a line; //heapvet:ignore CHECK REASON silences one.
// Each message begins with the check's name, by which the rules of
// golangci-lint's severity section may go. golangci-lint shows one finding
// per line; those that share one are told in one message:
//
//	hotescape: this; at column 20, hotconv: that
//
// As under go vet, code is hot if its own package, a fact of one that it
// imports, or the heat file says so. golangci-lint caches findings by its
// settings, to which the hash of the heat file's content belongs therefore.
package plugin
