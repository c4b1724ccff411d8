//go:build race

package testutil

// raceEnabled tells whether the test, and so the server it builds, has the race detector.
const raceEnabled = true
