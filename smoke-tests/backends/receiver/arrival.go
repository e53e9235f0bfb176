package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/google/pprof/profile"
)

// What a server takes of one profile.
const (
	maxSamples = 16000
	maxDepth   = 1000
	maxBytes   = 4 << 20
	maxAge     = time.Hour
)

var (
	spanID  = regexp.MustCompile("^[0-9a-f]{16}$")
	traceID = regexp.MustCompile("^[0-9a-f]{32}$")
)

// An arrival is one profile, summed up.
type arrival struct {
	Protocol string            `json:"protocol"`
	Labels   map[string]string `json:"labels"`
	Types    []string          `json:"types"`
	Samples  int               `json:"samples"`
	// How many samples have a span.
	Spans   int   `json:"spans"`
	Seconds int64 `json:"seconds"`
	// The first value by the methods of a stack.
	Methods map[string]int64 `json:"methods"`

	// Before compression.
	bytes int
}

func parse(protocol string, labels map[string]string, raw []byte) (*arrival, error) {
	if len(raw) < 2 || raw[0] != 0x1f || raw[1] != 0x8b {
		return nil, errors.New("not gzip")
	}
	unpacked, err := gunzip(raw)
	if err != nil {
		return nil, err
	}
	p, err := profile.ParseData(unpacked)
	if err != nil {
		return nil, err
	}
	if err := p.CheckValid(); err != nil {
		return nil, err
	}
	each := &arrival{Protocol: protocol, Labels: labels, Samples: len(p.Sample), Seconds: p.DurationNanos / 1e9, Methods: map[string]int64{}, bytes: len(unpacked)}
	if age := time.Since(time.Unix(0, p.TimeNanos)); age < 0 || age > maxAge || p.DurationNanos <= 0 {
		return nil, fmt.Errorf("of %v for %d ns, %v ago", time.Unix(0, p.TimeNanos), p.DurationNanos, age)
	}
	if len(p.Sample) == 0 || len(p.Sample) > maxSamples {
		return nil, fmt.Errorf("%d samples", len(p.Sample))
	}
	for _, of := range p.SampleType {
		each.Types = append(each.Types, fmt.Sprintf("%s:%s:%s:%s", of.Type, of.Unit, p.PeriodType.Type, p.PeriodType.Unit))
	}
	for _, sample := range p.Sample {
		if err := each.add(sample); err != nil {
			return nil, err
		}
	}
	return each, nil
}

func gunzip(raw []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	unpacked, err := io.ReadAll(io.LimitReader(reader, maxBytes+1))
	if err == nil && len(unpacked) > maxBytes {
		err = fmt.Errorf("more than %d bytes", maxBytes)
	}
	return unpacked, err
}

func (a *arrival) add(sample *profile.Sample) error {
	if len(sample.Location) == 0 || len(sample.Location) > maxDepth {
		return fmt.Errorf("a stack of %d frames", len(sample.Location))
	}
	for _, value := range sample.Value {
		if value < 0 {
			return fmt.Errorf("a value of %d", value)
		}
	}
	seen := map[string]bool{}
	for _, location := range sample.Location {
		if location.Mapping == nil || !location.Mapping.HasFunctions || len(location.Line) != 1 {
			return fmt.Errorf("a location that would be symbolised: %v", location)
		}
		name := location.Line[0].Function.Name
		if name == "" {
			return errors.New("a function without a name")
		}
		if !seen[name] {
			seen[name] = true
			a.Methods[name] += sample.Value[0]
		}
	}
	return a.link(sample.Label)
}

func (a *arrival) link(labels map[string][]string) error {
	for name, values := range labels {
		if len(values) != 1 || values[0] == "" {
			return fmt.Errorf("label %s: %q", name, values)
		}
	}
	span, linked := labels["span_id"]
	trace, traced := labels["trace_id"]
	if linked != traced || linked && !(spanID.MatchString(span[0]) && traceID.MatchString(trace[0])) {
		return fmt.Errorf("span %q of trace %q", span, trace)
	}
	if linked {
		a.Spans++
	}
	return nil
}
