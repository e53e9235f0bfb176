package io.sonde.testing;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.profiles.v1development.Function;
import io.opentelemetry.proto.profiles.v1development.KeyValueAndUnit;
import io.opentelemetry.proto.profiles.v1development.Link;
import io.opentelemetry.proto.profiles.v1development.Location;
import io.opentelemetry.proto.profiles.v1development.Mapping;
import io.opentelemetry.proto.profiles.v1development.Profile;
import io.opentelemetry.proto.profiles.v1development.ProfilesDictionary;
import io.opentelemetry.proto.profiles.v1development.ResourceProfiles;
import io.opentelemetry.proto.profiles.v1development.Sample;
import io.opentelemetry.proto.profiles.v1development.ScopeProfiles;
import io.opentelemetry.proto.profiles.v1development.Stack;
import io.opentelemetry.proto.profiles.v1development.ValueType;
import io.sonde.testing.ReceivedProfile.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads OTLP's profiles strictly: tables that begin with nothing, hold each entry once and none
 * that nobody needs, and indexes that stay within them.
 */
final class OtlpProfilesReader {
  private static final int TRACE_ID = 16;
  private static final int SPAN_ID = 8;

  private final ProfilesDictionary tables;
  private final BitSet usedStrings = new BitSet();
  private final BitSet usedStacks = new BitSet();
  private final BitSet usedLocations = new BitSet();
  private final BitSet usedFunctions = new BitSet();
  private final BitSet usedLinks = new BitSet();
  private final BitSet usedAttributes = new BitSet();

  private OtlpProfilesReader(ProfilesDictionary tables) {
    this.tables = tables;
  }

  /** The profiles of a request, with the resource's attributes as labels. */
  static List<ReceivedProfile> read(byte[] body) throws IOException {
    ExportProfilesServiceRequest request = ExportProfilesServiceRequest.parseFrom(body);
    try {
      OtlpProfilesReader reader = new OtlpProfilesReader(request.getDictionary());
      List<ReceivedProfile> profiles = reader.all(request, body.length);
      reader.checkTables();
      return profiles;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException("not valid profiles: " + e.getMessage(), e);
    }
  }

  private List<ReceivedProfile> all(ExportProfilesServiceRequest request, int bytes) {
    List<ReceivedProfile> all = new ArrayList<>();
    for (ResourceProfiles ofResource : request.getResourceProfilesList()) {
      Map<String, String> labels = new TreeMap<>();
      ReceivedSpan.map(spelled(ofResource.getResource().getAttributesList()))
          .forEach((key, value) -> labels.put(key, String.valueOf(value)));
      for (ScopeProfiles ofScope : ofResource.getScopeProfilesList()) {
        labels.put("scope", ofScope.getScope().getName());
        for (Profile profile : ofScope.getProfilesList()) {
          all.add(one(profile, labels, bytes));
        }
      }
    }
    check(!all.isEmpty(), "no profiles");
    return all;
  }

  private ReceivedProfile one(Profile profile, Map<String, String> labels, int bytes) {
    check(profile.getProfileId().size() == TRACE_ID, "a profile's id");
    check(profile.getTimeUnixNano() > 0 && profile.getDurationNano() > 0, "a profile's time");
    check(profile.getSamplesCount() > 0, "no samples");
    List<ReceivedProfile.Sample> samples = new ArrayList<>();
    Set<List<Object>> known = new HashSet<>();
    for (Sample sample : profile.getSamplesList()) {
      check(
          known.add(
              List.of(
                  sample.getStackIndex(),
                  new HashSet<>(sample.getAttributeIndicesList()),
                  sample.getLinkIndex())),
          "a sample is there twice");
      samples.add(one(sample));
    }
    String type = type(profile.getSampleType()) + ':' + type(profile.getPeriodType());
    return new ReceivedProfile(
        labels,
        List.of(type),
        samples,
        profile.getPeriod(),
        profile.getTimeUnixNano(),
        profile.getDurationNano(),
        bytes,
        "");
  }

  private ReceivedProfile.Sample one(Sample sample) {
    check(sample.getValuesCount() == 1, sample.getValuesCount() + " values");
    check(sample.getTimestampsUnixNanoCount() == 0, "timestamps beside a sum");
    check(sample.getStackIndex() > 0, "no stack");
    usedStacks.set(sample.getStackIndex());
    List<Frame> frames = new ArrayList<>();
    for (int location : tables.getStackTable(sample.getStackIndex()).getLocationIndicesList()) {
      frames.add(frame(location));
    }
    Map<String, String> labels = new TreeMap<>();
    for (int index : sample.getAttributeIndicesList()) {
      KeyValueAndUnit attribute = attribute(index);
      String before =
          labels.put(
              string(attribute.getKeyStrindex()), spelled(attribute.getValue()).getStringValue());
      check(before == null, "an attribute is there twice");
    }
    if (sample.getLinkIndex() != 0) {
      usedLinks.set(sample.getLinkIndex());
      Link link = tables.getLinkTable(sample.getLinkIndex());
      check(link.getTraceId().size() == TRACE_ID && link.getSpanId().size() == SPAN_ID, "a link");
      labels.put("trace_id", ReceivedSpan.hex(link.getTraceId().toByteArray()));
      labels.put("span_id", ReceivedSpan.hex(link.getSpanId().toByteArray()));
    }
    return new ReceivedProfile.Sample(frames, sample.getValuesList(), labels);
  }

  private Frame frame(int index) {
    check(index > 0, "no location");
    usedLocations.set(index);
    Location location = tables.getLocationTable(index);
    check(location.getMappingIndex() < tables.getMappingTableCount(), "no such mapping");
    check(location.getLinesCount() == 1, location.getLinesCount() + " lines");
    check(location.getAttributeIndicesCount() == 1, "no type of frame");
    KeyValueAndUnit type = attribute(location.getAttributeIndices(0));
    check(string(type.getKeyStrindex()).equals("profile.frame.type"), "not a type of frame");
    int function = location.getLines(0).getFunctionIndex();
    check(function > 0, "no function");
    usedFunctions.set(function);
    Function of = tables.getFunctionTable(function);
    check(of.getNameStrindex() > 0, "a function without a name");
    return new Frame(
        string(of.getNameStrindex()),
        string(of.getSystemNameStrindex()),
        string(of.getFilenameStrindex()),
        (int) location.getLines(0).getLine(),
        type.getValue().getStringValue());
  }

  private KeyValueAndUnit attribute(int index) {
    check(index > 0, "no attribute");
    usedAttributes.set(index);
    KeyValueAndUnit attribute = tables.getAttributeTable(index);
    check(attribute.getValue().getValueCase() == AnyValue.ValueCase.STRING_VALUE, "not a text");
    return attribute;
  }

  private String type(ValueType type) {
    return string(type.getTypeStrindex()) + ':' + string(type.getUnitStrindex());
  }

  private String string(int index) {
    usedStrings.set(index);
    return tables.getStringTable(index);
  }

  /** The pairs without numbers of strings, which a collector writes in their places. */
  private List<KeyValue> spelled(List<KeyValue> pairs) {
    List<KeyValue> spelled = new ArrayList<>();
    for (KeyValue pair : pairs) {
      KeyValue.Builder one = pair.toBuilder().setValue(spelled(pair.getValue()));
      if (pair.getKeyStrindex() != 0) {
        one.setKey(string(pair.getKeyStrindex()));
      }
      spelled.add(one.build());
    }
    return spelled;
  }

  private AnyValue spelled(AnyValue value) {
    if (value.hasStringValueStrindex()) {
      return AnyValue.newBuilder().setStringValue(string(value.getStringValueStrindex())).build();
    }
    if (value.hasArrayValue()) {
      List<AnyValue> spelled = new ArrayList<>();
      value.getArrayValue().getValuesList().forEach(one -> spelled.add(spelled(one)));
      return AnyValue.newBuilder()
          .setArrayValue(ArrayValue.newBuilder().addAllValues(spelled))
          .build();
    }
    return value;
  }

  private void checkTables() {
    check(tables.getMappingTableList().equals(List.of(Mapping.getDefaultInstance())), "mappings");
    check("strings", tables.getStringTableList(), "", usedStrings);
    // Full of zeros as the agent writes it, or empty as the collector does.
    Link none = tables.getLinkTable(0);
    check(isNothing(none.getTraceId()) && isNothing(none.getSpanId()), "the first link");
    check("links", tables.getLinkTableList(), none, usedLinks);
    check("stacks", tables.getStackTableList(), Stack.getDefaultInstance(), usedStacks);
    check("locations", tables.getLocationTableList(), Location.getDefaultInstance(), usedLocations);
    check("functions", tables.getFunctionTableList(), Function.getDefaultInstance(), usedFunctions);
    // The collector writes the value of nothing, too.
    KeyValueAndUnit first = tables.getAttributeTable(0);
    check(
        first.toBuilder().clearValue().build().equals(KeyValueAndUnit.getDefaultInstance())
            && first.getValue().equals(AnyValue.getDefaultInstance()),
        "the first attribute is not nothing");
    check("attributes", tables.getAttributeTableList(), first, usedAttributes);
  }

  private static boolean isNothing(ByteString id) {
    return ReceivedSpan.hex(id.toByteArray()).matches("0*");
  }

  private static <T> void check(String what, List<T> table, T nothing, BitSet used) {
    check(!table.isEmpty() && table.get(0).equals(nothing), what + " do not begin with nothing");
    check(new HashSet<>(table).size() == table.size(), "there are twice " + what);
    used.set(0);
    check(used.cardinality() == table.size(), what + " that nobody needs");
  }

  private static void check(boolean right, String problem) {
    if (!right) {
      throw new IllegalArgumentException(problem);
    }
  }
}
