package io.sonde.exporters.otlp;

import io.sonde.core.Protobuf;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** OTLP's {@code ExportProfilesServiceRequest}, with one resource and one scope. */
final class ProfileRequest implements Delivering.Body {
  private static final int KEPT = 1 << 20;

  private final Protobuf out = new Protobuf(KEPT);
  private final Map<String, Object> resource;
  private final String version;
  private int count;

  ProfileRequest(Map<String, Object> resource, String version) {
    this.resource = resource;
    this.version = version;
  }

  /** Writes these in the place of the last ones. */
  void set(EncodedProfiles profiles) {
    out.clear();
    count = profiles.count;
    int ofResource = out.begin(1);
    int described = out.begin(1);
    AttributeWriter attributes = new AttributeWriter(out, 1);
    resource.forEach(attributes::attribute);
    out.end(described);
    int ofScope = out.begin(2);
    int scope = out.begin(1);
    out.text(1, "io.sonde");
    out.text(2, version);
    out.end(scope);
    out.bytes(profiles.profiles);
    out.end(ofScope);
    out.end(ofResource);
    int dictionary = out.begin(2);
    out.bytes(profiles.dictionary);
    out.end(dictionary);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void end() {}

  @Override
  public void writeMessage(OutputStream to) throws IOException {
    out.writeTo(to);
  }

  @Override
  public int getContentLength() {
    return out.size();
  }
}
