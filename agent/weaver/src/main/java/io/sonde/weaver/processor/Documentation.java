package io.sonde.weaver.processor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * Collects what the page on instrumentations says: for each class its library, its sentence and its
 * targets.
 */
final class Documentation {
  private final Map<String, String> sentences = new TreeMap<>();
  private final Map<String, Set<String>> targets = new TreeMap<>();

  void add(TypeElement type, String[] woven, Elements elements) {
    TypeElement top = type;
    for (Element outer = type.getEnclosingElement();
        outer instanceof TypeElement;
        outer = outer.getEnclosingElement()) {
      top = (TypeElement) outer;
    }
    String name = top.getQualifiedName().toString();
    String sentence = sentence(elements.getDocComment(top));
    if (sentence.isEmpty()) {
      throw new IllegalArgumentException(
          name + " needs a Javadoc sentence for docs/instrumentations.md");
    }
    sentences.put(name, sentence);
    Collections.addAll(targets.computeIfAbsent(name, key -> new TreeSet<>()), woven);
  }

  private static String sentence(String comment) {
    if (comment == null) {
      return "";
    }
    String text = comment.replaceAll("\\{@\\w+ ([^}]*)\\}", "$1").replaceAll("\\s+", " ").trim();
    int end = text.indexOf(". ");
    int paragraph = text.indexOf(" <p>");
    int cut = end < 0 ? text.length() : end + 1;
    return (paragraph >= 0 && paragraph < cut
            ? text.substring(0, paragraph)
            : text.substring(0, cut))
        .trim();
  }

  /** Library, sentence and targets with tabs between. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, String> entry : sentences.entrySet()) {
      String[] parts = entry.getKey().split("\\.");
      int segment = parts.length > 5 && parts[3].equals("jdk") ? 4 : 3;
      String library = parts.length > segment ? parts[segment] : entry.getKey();
      lines.add(
          library
              + '\t'
              + entry.getValue()
              + '\t'
              + String.join(" ", targets.getOrDefault(entry.getKey(), Collections.emptySet())));
    }
    return lines;
  }
}
