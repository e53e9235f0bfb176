package app;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.util.TreeMap;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;
import org.apache.logging.log4j.util.FilteredObjectInputStream;
import org.apache.logging.log4j.util.ReadOnlyStringMap;

/** Prints what the other side of a socket would get. */
@Plugin(name = "Serializing", category = "Core", elementType = "appender")
public final class SerializingAppender extends AbstractAppender {
  private SerializingAppender(String name) {
    super(name, null, null, false, Property.EMPTY_ARRAY);
  }

  @PluginFactory
  public static SerializingAppender create(@PluginAttribute("name") String name) {
    return new SerializingAppender(name);
  }

  @Override
  public void append(LogEvent event) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ObjectOutputStream out = new ObjectOutputStream(bytes);
      out.writeObject(event.getContextData());
      out.flush();
      ReadOnlyStringMap read =
          (ReadOnlyStringMap)
              new FilteredObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))
                  .readObject();
      System.out.println(
          "SERIALIZED "
              + read.getClass().getName()
              + ' '
              + new TreeMap<>(read.toMap())
              + ' '
              + event.getMessage().getFormattedMessage());
    } catch (Exception e) {
      System.out.println("SERIALIZED " + e + ' ' + event.getMessage().getFormattedMessage());
    }
  }
}
