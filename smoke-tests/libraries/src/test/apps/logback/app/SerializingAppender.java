package app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEventVO;
import ch.qos.logback.core.AppenderBase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Map;
import java.util.TreeMap;

/** Prints what the other side of a socket would get. */
public final class SerializingAppender extends AppenderBase<ILoggingEvent> {
  @Override
  protected void append(ILoggingEvent event) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ObjectOutputStream out = new ObjectOutputStream(bytes);
      out.writeObject(LoggingEventVO.build(event));
      out.flush();
      Object read =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
      Map<String, String> mdc = ((ILoggingEvent) read).getMDCPropertyMap();
      System.out.println(
          "SERIALIZED " + mdc.getClass().getName() + ' ' + new TreeMap<>(mdc) + ' ' + event.getMessage());
    } catch (Exception e) {
      System.out.println("SERIALIZED " + e);
    }
  }
}
