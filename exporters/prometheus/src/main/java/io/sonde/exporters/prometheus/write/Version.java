package io.sonde.exporters.prometheus.write;

/** The versions of the protocol. */
enum Version {
  ONE("application/x-protobuf", "0.1.0"),
  TWO("application/x-protobuf;proto=io.prometheus.write.v2.Request", "2.0.0");

  final String contentType;

  /** The value of X-Prometheus-Remote-Write-Version. */
  final String number;

  Version(String contentType, String number) {
    this.contentType = contentType;
    this.number = number;
  }

  /** A request that is to be written. */
  Message message(long started) {
    return this == ONE ? new MessageOne() : new MessageTwo(started);
  }
}
