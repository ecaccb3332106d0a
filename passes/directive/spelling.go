package directive

// closest returns the candidate nearest to name, or "" if none is within
// two edits, one for the short ones. The first of equals wins.
func closest(name string, candidates []string) string {
	best, least := "", 3
	for _, c := range candidates {
		if d := distance(name, c); d < min(least, (len(c)+1)/2) {
			best, least = c, d
		}
	}
	return best
}

// distance returns how many bytes must be inserted, removed or replaced to
// turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
