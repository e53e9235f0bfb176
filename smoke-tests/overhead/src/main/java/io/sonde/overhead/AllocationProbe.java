package io.sonde.overhead;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.HashMap;
import java.util.Map;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Bytes that the threads of another JVM have allocated, by its own counters, without the threads
 * that answer this question.
 */
final class AllocationProbe implements AutoCloseable {
  private final JMXConnector connector;
  private final ThreadMXBean threads;

  @SuppressWarnings("BanJNDI") // to a JVM of our own, on this machine
  AllocationProbe(long pid) {
    try {
      VirtualMachine jvm = VirtualMachine.attach(String.valueOf(pid));
      String address;
      try {
        address = jvm.startLocalManagementAgent();
      } finally {
        jvm.detach();
      }
      connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
      threads =
          ManagementFactory.newPlatformMXBeanProxy(
              connector.getMBeanServerConnection(),
              ManagementFactory.THREAD_MXBEAN_NAME,
              ThreadMXBean.class);
    } catch (AttachNotSupportedException e) {
      throw new IllegalStateException("cannot attach to " + pid, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes allocated so far, by thread id. */
  Map<Long, Long> read() {
    Map<Long, Long> bytes = new HashMap<>();
    long[] ids = threads.getAllThreadIds();
    ThreadInfo[] infos = threads.getThreadInfo(ids);
    long[] allocated = threads.getThreadAllocatedBytes(ids);
    for (int i = 0; i < ids.length; i++) {
      if (infos[i] != null && !infos[i].getThreadName().matches("(RMI|JMX) .*")) {
        bytes.put(ids[i], Math.max(0, allocated[i]));
      }
    }
    return bytes;
  }

  /** Bytes allocated between two readings by the threads that were alive at the second. */
  static long between(Map<Long, Long> before, Map<Long, Long> after) {
    return after.entrySet().stream()
        .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
        .sum();
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      // the JVM at the other end is gone
    }
  }
}
