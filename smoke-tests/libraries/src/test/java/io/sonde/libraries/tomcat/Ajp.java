package io.sonde.libraries.tomcat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A front-end's side of AJP 1.3, as far as it takes for one GET. */
final class Ajp {
  private static final int FORWARD = 2;
  private static final int GET = 2;
  private static final int SEND_HEADERS = 4;
  private static final int END_RESPONSE = 5;

  private Ajp() {}

  /** Sends a request that came to the front-end by TLS, and returns the status. */
  static int get(int port, String path, String client, String host, Map<String, String> headers)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    out.writeByte(FORWARD);
    out.writeByte(GET);
    string(out, "HTTP/1.1");
    string(out, path);
    string(out, client);
    string(out, client);
    string(out, host);
    out.writeShort(443);
    out.writeBoolean(true);
    out.writeShort(headers.size());
    for (Map.Entry<String, String> header : headers.entrySet()) {
      string(out, header.getKey());
      string(out, header.getValue());
    }
    out.writeByte(0xff);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      DataOutputStream wire = new DataOutputStream(socket.getOutputStream());
      wire.writeShort(0x1234);
      wire.writeShort(body.size());
      wire.write(body.toByteArray());
      wire.flush();
      return status(new DataInputStream(socket.getInputStream()));
    }
  }

  private static void string(DataOutputStream out, String text) throws IOException {
    out.writeShort(text.length());
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.writeByte(0);
  }

  private static int status(DataInputStream in) throws IOException {
    int status = 0;
    while (true) {
      in.readShort();
      byte[] message = new byte[in.readUnsignedShort()];
      in.readFully(message);
      if (message[0] == SEND_HEADERS) {
        status = ((message[1] & 0xff) << 8) | (message[2] & 0xff);
      } else if (message[0] == END_RESPONSE) {
        return status;
      }
    }
  }
}
