package io.sonde.testing;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.filter.DependencyFilterUtils;
import org.jspecify.annotations.Nullable;

/**
 * Class paths by Maven coordinates, chosen while a test runs.
 *
 * <p>Resolved as Maven itself would: the user's settings with mirrors and proxies, the same local
 * repository; what is there already needs no network. Coordinates are {@code
 * group:artifact:version} or {@code group:artifact:extension[:classifier]:version}. Results are
 * kept for this JVM's life.
 */
public final class Artifacts {
  /** The agent of OpenTelemetry that ours is held against. */
  public static final String OPENTELEMETRY_AGENT =
      "io.opentelemetry.javaagent:opentelemetry-javaagent:2.33.1";

  /** Pyroscope's own agent. */
  public static final String PYROSCOPE_AGENT = "io.pyroscope:agent:2.9.2";

  /** What links its profiles to the spans of {@link #OPENTELEMETRY_AGENT}, as an extension. */
  public static final String PYROSCOPE_EXTENSION = "io.pyroscope:otel:1.0.2";

  private static final Map<Object, List<Path>> RESOLVED = new ConcurrentHashMap<>();

  private static final class Maven {
    static final Context CONTEXT = context();

    private static Context context() {
      ContextOverrides.Builder overrides = ContextOverrides.create().withUserSettings(true);
      String local = localRepository();
      if (local != null) {
        overrides.withLocalRepositoryOverride(Path.of(local));
      }
      return Runtimes.INSTANCE.getRuntime().create(overrides.build());
    }

    /** Of the Maven that runs this test, if one does. */
    private static @Nullable String localRepository() {
      String given = System.getProperty("maven.repo.local");
      return given != null ? given : System.getProperty("localRepository");
    }
  }

  private final List<String> coordinates = new ArrayList<>();
  private final List<String> exclusions = new ArrayList<>();
  private final List<String> managed = new ArrayList<>();

  private Artifacts() {}

  /** These artifacts and what they need at run time. */
  public static Artifacts of(String... coordinates) {
    Artifacts artifacts = new Artifacts();
    artifacts.coordinates.addAll(Arrays.asList(coordinates));
    return artifacts;
  }

  /** These artifacts and what they need at run time, as a class path. */
  public static List<Path> classPath(String... coordinates) {
    return of(coordinates).classPath();
  }

  /** This one file, without what it needs. */
  public static Path file(String coordinates) {
    return RESOLVED.computeIfAbsent(coordinates, key -> List.of(resolveFile(coordinates))).get(0);
  }

  /** Without these ({@code group:artifact}, either may be {@code *}) wherever they are needed. */
  public Artifacts without(String... groupAndArtifact) {
    exclusions.addAll(Arrays.asList(groupAndArtifact));
    return this;
  }

  /** With these versions wherever the artifacts are needed, as by dependencyManagement. */
  public Artifacts with(String... versions) {
    managed.addAll(Arrays.asList(versions));
    return this;
  }

  /** Resolves; fails with the resolver's own message. */
  public List<Path> classPath() {
    List<List<String>> key =
        List.of(List.copyOf(coordinates), List.copyOf(exclusions), List.copyOf(managed));
    return RESOLVED.computeIfAbsent(key, k -> resolveClassPath());
  }

  private List<Path> resolveClassPath() {
    Context maven = Maven.CONTEXT;
    List<Exclusion> excluded = exclusions.stream().map(Artifacts::exclusion).toList();
    CollectRequest collect = new CollectRequest();
    collect.setRepositories(maven.remoteRepositories());
    for (String root : coordinates) {
      collect.addDependency(
          new Dependency(new DefaultArtifact(root), JavaScopes.RUNTIME, false, excluded));
    }
    for (String version : managed) {
      collect.addManagedDependency(
          new Dependency(new DefaultArtifact(version), JavaScopes.RUNTIME));
    }
    try {
      return maven
          .repositorySystem()
          .resolveDependencies(
              maven.repositorySystemSession(),
              new DependencyRequest(
                  collect, DependencyFilterUtils.classpathFilter(JavaScopes.RUNTIME)))
          .getArtifactResults()
          .stream()
          .map(ArtifactResult::getArtifact)
          .map(Artifacts::path)
          .toList();
    } catch (RepositoryException e) {
      throw new IllegalStateException("cannot resolve " + coordinates + ": " + e.getMessage(), e);
    }
  }

  private static Path resolveFile(String coordinates) {
    Context maven = Maven.CONTEXT;
    ArtifactRequest request =
        new ArtifactRequest(new DefaultArtifact(coordinates), maven.remoteRepositories(), null);
    try {
      return path(
          maven
              .repositorySystem()
              .resolveArtifact(maven.repositorySystemSession(), request)
              .getArtifact());
    } catch (RepositoryException e) {
      throw new IllegalStateException("cannot resolve " + coordinates + ": " + e.getMessage(), e);
    }
  }

  private static Path path(Artifact artifact) {
    return artifact.getFile().toPath();
  }

  private static Exclusion exclusion(String groupAndArtifact) {
    String[] parts = groupAndArtifact.split(":", 2);
    return new Exclusion(parts[0], parts.length > 1 ? parts[1] : "*", "*", "*");
  }
}
