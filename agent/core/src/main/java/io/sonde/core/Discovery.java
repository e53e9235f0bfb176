package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * Finds targets that have no fixed name: an instrumentation shows an object that crossed a known
 * boundary, and its class is woven by the rules of the role it was seen in ({@code @Weave(type =
 * "@role")}).
 */
public final class Discovery {
  private static final int MAX_ROLES = 31;
  private static final String[] ROLES = new String[MAX_ROLES];
  private static volatile @Nullable Finder finder;

  private static final ClassValue<int[]> SEEN =
      new ClassValue<int[]>() {
        @Override
        protected int[] computeValue(Class<?> type) {
          return new int[1];
        }
      };

  private Discovery() {}

  /**
   * Shows an object in a role, an interned constant; cheap when its class was seen in that role
   * before.
   */
  public static void seen(@Nullable Object object, String role) {
    if (object == null) {
      return;
    }
    int[] seen = SEEN.get(object.getClass());
    int bit = bit(role);
    if (bit != 0 && (seen[0] & bit) == 0) {
      Finder to = finder;
      if (to != null) {
        synchronized (seen) {
          seen[0] |= bit;
        }
        to.found(object.getClass(), role);
      }
    }
  }

  private static int bit(String role) {
    for (int i = 0; i < MAX_ROLES; i++) {
      if (ROLES[i] == role) {
        return 1 << i;
      }
      if (ROLES[i] == null) {
        return add(role);
      }
    }
    return 0;
  }

  private static synchronized int add(String role) {
    for (int i = 0; i < MAX_ROLES; i++) {
      if (ROLES[i] == null) {
        ROLES[i] = role;
      }
      if (ROLES[i] == role) {
        return 1 << i;
      }
    }
    return 0;
  }

  /** Sets who weaves what is found. */
  public static void finder(Finder to) {
    finder = to;
  }

  /** Weaves classes that were found. */
  public interface Finder {
    /** An object of this class was seen in this role for the first time. */
    void found(Class<?> type, String role);
  }
}
