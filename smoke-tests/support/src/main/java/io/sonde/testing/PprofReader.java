package io.sonde.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * Reads a gzip pprof by protobuf's own runtime and refuses what a strict reader refuses: numbers
 * that lead nowhere, values that are missing, an empty text that is not first.
 */
final class PprofReader {
  private final List<long[]> sampleTypes = new ArrayList<>();
  private final List<RawSample> samples = new ArrayList<>();
  private final Map<Long, String> mappings = new HashMap<>();
  private final Map<Long, long[]> locations = new HashMap<>();
  private final Map<Long, long[]> functions = new HashMap<>();
  private final List<String> strings = new ArrayList<>();
  private long[] periodType = {0, 0};
  private long period;
  private long time;
  private long duration;
  private long comment;

  private record RawSample(List<Long> stack, List<Long> values, List<long[]> labels) {}

  private PprofReader() {}

  static ReceivedProfile read(Map<String, String> labels, byte[] gzip) throws IOException {
    byte[] raw;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      raw = in.readAllBytes();
    }
    PprofReader reader = new PprofReader();
    reader.profile(CodedInputStream.newInstance(raw));
    return reader.result(labels, raw.length);
  }

  private void profile(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> sampleTypes.add(numbers(in.readBytes(), 2));
        case 2 -> samples.add(sample(in.readBytes()));
        case 3 -> mapping(in.readBytes());
        case 4 -> location(in.readBytes());
        case 5 -> function(in.readBytes());
        case 6 -> strings.add(in.readStringRequireUtf8());
        case 9 -> time = in.readInt64();
        case 10 -> duration = in.readInt64();
        case 11 -> periodType = numbers(in.readBytes(), 2);
        case 12 -> period = in.readInt64();
        case 13 -> comment = in.readInt64();
        default -> throw new IOException("unexpected field " + WireFormat.getTagFieldNumber(tag));
      }
    }
  }

  /** The first fields of a message of numbers. */
  private static long[] numbers(ByteString bytes, int count) throws IOException {
    long[] numbers = new long[count];
    CodedInputStream in = bytes.newCodedInput();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (field <= count) {
        numbers[field - 1] = in.readInt64();
      } else {
        in.skipField(tag);
      }
    }
    return numbers;
  }

  private static List<Long> packed(ByteString bytes) throws IOException {
    List<Long> numbers = new ArrayList<>();
    CodedInputStream in = bytes.newCodedInput();
    while (!in.isAtEnd()) {
      numbers.add(in.readInt64());
    }
    return numbers;
  }

  private static RawSample sample(ByteString bytes) throws IOException {
    RawSample sample = new RawSample(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    CodedInputStream in = bytes.newCodedInput();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> sample.stack.addAll(packed(in.readBytes()));
        case 2 -> sample.values.addAll(packed(in.readBytes()));
        case 3 -> sample.labels.add(numbers(in.readBytes(), 2));
        default -> in.skipField(tag);
      }
    }
    return sample;
  }

  private void mapping(ByteString bytes) throws IOException {
    long[] numbers = numbers(bytes, 9);
    // Names come last: the number is looked up when all is read.
    mappings.put(numbers[0], Long.toString(numbers[4]));
  }

  private void location(ByteString bytes) throws IOException {
    long id = 0;
    long mapping = 0;
    long address = 0;
    long[] line = {0, 0};
    CodedInputStream in = bytes.newCodedInput();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> id = in.readInt64();
        case 2 -> mapping = in.readInt64();
        case 3 -> address = in.readUInt64();
        case 4 -> line = numbers(in.readBytes(), 2);
        default -> in.skipField(tag);
      }
    }
    locations.put(id, new long[] {mapping, line[0], line[1], address});
  }

  private void function(ByteString bytes) throws IOException {
    long[] numbers = numbers(bytes, 5);
    functions.put(numbers[0], numbers);
  }

  private String text(long index) throws IOException {
    if (index < 0 || index >= strings.size()) {
      throw new IOException("no text " + index + " of " + strings.size());
    }
    return strings.get((int) index);
  }

  private ReceivedProfile result(Map<String, String> labels, int bytes) throws IOException {
    if (strings.isEmpty() || !strings.get(0).isEmpty()) {
      throw new IOException("the first text is not the empty one");
    }
    String period = text(periodType[0]) + ':' + text(periodType[1]);
    String name = labels.getOrDefault("__name__", "");
    List<String> types = new ArrayList<>();
    for (long[] type : sampleTypes) {
      types.add(name + ':' + text(type[0]) + ':' + text(type[1]) + ':' + period);
    }
    List<ReceivedProfile.Sample> read = new ArrayList<>();
    for (RawSample sample : samples) {
      read.add(sample(sample));
    }
    return new ReceivedProfile(
        labels, types, read, this.period, time, duration, bytes, text(comment));
  }

  private ReceivedProfile.Sample sample(RawSample sample) throws IOException {
    if (sample.values.size() != sampleTypes.size()) {
      throw new IOException(sample.values.size() + " values of " + sampleTypes.size());
    }
    List<ReceivedProfile.Frame> frames = new ArrayList<>();
    for (long id : sample.stack) {
      frames.add(frame(id));
    }
    Map<String, String> labels = new TreeMap<>();
    for (long[] label : sample.labels) {
      labels.put(text(label[0]), text(label[1]));
    }
    return new ReceivedProfile.Sample(frames, List.copyOf(sample.values), labels);
  }

  private ReceivedProfile.Frame frame(long id) throws IOException {
    long[] location = locations.get(id);
    long[] function = location == null ? null : functions.get(location[1]);
    String mapping = location == null ? null : mappings.get(location[0]);
    if (location == null || function == null || mapping == null) {
      throw new IOException("location " + id + " leads nowhere");
    }
    return new ReceivedProfile.Frame(
        text(function[1]),
        text(function[2]),
        text(function[3]),
        (int) location[2],
        text(Long.parseLong(mapping)),
        location[3]);
  }
}
