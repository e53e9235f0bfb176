package io.sonde.exporters.pyroscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sonde.profiler.pprof.ProfileType;
import org.junit.jupiter.api.Test;

/** What gives way where no more may wait. */
class BacklogTest {
  private final Backlog backlog = new Backlog(100);
  private final Upload first = upload();
  private final Upload second = upload();
  private final Upload third = upload();

  private static Upload upload() {
    return new Upload(1, 2, ProfileType.CPU, new byte[40]);
  }

  @Test
  void theOldestGivesWay_butNotWhatIsUnderWay() throws InterruptedException {
    assertEquals(0, backlog.add(first));
    assertEquals(0, backlog.add(second));
    assertSame(first, backlog.first(0));

    assertEquals(1, backlog.add(third), "the second");
    backlog.remove(first); // which has arrived
    assertSame(third, backlog.first(0));
    backlog.remove(third);
    assertNull(backlog.first(0));
    assertEquals(0, backlog.bytes());
  }

  @Test
  void whatIsToBeSentOnceMore_givesWayToo() throws InterruptedException {
    backlog.add(first);
    backlog.add(second);
    assertSame(first, backlog.first(0));
    backlog.waits();

    assertEquals(1, backlog.add(third), "the first");
    assertSame(second, backlog.first(0));
  }
}
