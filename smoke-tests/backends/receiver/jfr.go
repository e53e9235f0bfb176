package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	jfr "github.com/grafana/jfr-parser/pprof"
)

// What a server takes of one recording unless told otherwise.
const maxRecording = 4 << 20

// recording reads one as Pyroscope's servers do, by the same parser.
func recording(query url.Values, labels map[string]string, packed []byte) ([]*arrival, error) {
	if len(packed) < 2 || packed[0] != 0x1f || packed[1] != 0x8b {
		return nil, errors.New("a recording that is not gzip")
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(unpacked, maxRecording+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxRecording {
		return nil, fmt.Errorf("a recording of more than %d bytes", maxRecording)
	}
	from, err := strconv.ParseInt(query.Get("from"), 10, 64)
	if err != nil {
		return nil, err
	}
	until, err := strconv.ParseInt(query.Get("until"), 10, 64)
	if err != nil {
		return nil, err
	}
	rate, err := strconv.ParseInt(query.Get("sampleRate"), 10, 64)
	if err != nil {
		return nil, err
	}
	input := &jfr.ParseInput{StartTime: time.Unix(from, 0), EndTime: time.Unix(until, 0), SampleRate: rate}
	parsed, err := jfr.ParseJFR(raw, input, new(jfr.LabelsSnapshot))
	if err != nil {
		return nil, err
	}
	if lost := parsed.ParseMetrics; lost != (jfr.ParseMetrics{}) {
		return nil, fmt.Errorf("names that are not there: %v", lost)
	}
	var arrived []*arrival
	for _, each := range parsed.Profiles {
		p := each.Profile
		text := func(index int64) string { return p.StringTable[index] }
		one := &arrival{Protocol: "jfr", Labels: labels, Samples: len(p.Sample), Seconds: until - from, Methods: map[string]int64{}, bytes: p.SizeVT()}
		for _, of := range p.SampleType {
			one.Types = append(one.Types, fmt.Sprintf("%s:%s:%s:%s",
				text(of.Type), text(of.Unit), text(p.PeriodType.Type), text(p.PeriodType.Unit)))
		}
		names := map[uint64]string{}
		for _, function := range p.Function {
			names[function.Id] = text(function.Name)
		}
		methods := map[uint64]string{}
		for _, location := range p.Location {
			methods[location.Id] = names[location.Line[0].FunctionId]
		}
		for _, sample := range p.Sample {
			for _, location := range sample.LocationId {
				one.Methods[methods[location]] += sample.Value[0]
			}
		}
		arrived = append(arrived, one)
	}
	return arrived, nil
}
