package io.sonde.weaver.processor;

import io.sonde.core.Member;
import io.sonde.core.Weave;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code META-INF/sonde/index}: a line for each {@link Weave} and {@link Member}, with all
 * that the weaver needs to know of the class it stands on, so that nothing is read or matched at
 * run time. A mistake in an annotation is a compile error.
 */
public final class WeaveProcessor extends AbstractProcessor {
  private static final String ADVICE = "net.bytebuddy.asm.Advice.";

  private final Set<String> lines = new TreeSet<>();
  private final Documentation documentation = new Documentation();

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    Set<String> types = new TreeSet<>();
    types.add(Weave.class.getCanonicalName());
    types.add(Weave.All.class.getCanonicalName());
    types.add(Member.class.getCanonicalName());
    types.add(Member.All.class.getCanonicalName());
    return types;
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latest();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Set<Element> woven = new java.util.LinkedHashSet<>();
    woven.addAll(round.getElementsAnnotatedWith(Weave.class));
    woven.addAll(round.getElementsAnnotatedWith(Weave.All.class));
    woven.addAll(round.getElementsAnnotatedWith(Member.class));
    woven.addAll(round.getElementsAnnotatedWith(Member.All.class));
    for (Element element : woven) {
      TypeElement type = (TypeElement) element;
      for (Member member : type.getAnnotationsByType(Member.class)) {
        lines.add(line(member));
        documentation.add(type, member.type(), processingEnv.getElementUtils());
      }
      for (Weave weave : type.getAnnotationsByType(Weave.class)) {
        try {
          lines.add(line(type, weave));
          documentation.add(type, weave.type(), processingEnv.getElementUtils());
        } catch (IllegalArgumentException e) {
          processingEnv
              .getMessager()
              .printMessage(Diagnostic.Kind.ERROR, String.valueOf(e.getMessage()), type);
        }
      }
    }
    if (round.processingOver() && !lines.isEmpty()) {
      write();
    }
    return false;
  }

  private void write() {
    write("META-INF/sonde/index", lines);
    write("META-INF/sonde/documentation", documentation.lines());
  }

  private void write(String name, Collection<String> content) {
    try (Writer out =
        processingEnv
            .getFiler()
            .createResource(StandardLocation.CLASS_OUTPUT, "", name)
            .openWriter()) {
      for (String line : content) {
        out.write(line);
        out.write('\n');
      }
    } catch (IOException e) {
      processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, e.toString());
    }
  }

  private static String line(Member member) {
    return '@'
        + member.role()
        + '\t'
        + String.join(" ", member.type()).replace('.', '/')
        + '\t'
        + (member.state() ? "S" : "-")
        + '\t'
        + (member.loaded().isEmpty() ? "-" : member.loaded());
  }

  private String line(TypeElement type, Weave weave) {
    List<String> types = new ArrayList<>();
    for (String name : weave.type()) {
      types.add(name.charAt(0) == '@' ? name : name.replace('.', '/'));
    }
    List<String> methods = new ArrayList<>();
    for (String method : weave.method()) {
      methods.add(Signatures.method(method));
    }
    if (types.isEmpty() || methods.isEmpty()) {
      throw new IllegalArgumentException("@Weave needs at least one type and one method");
    }
    Collections.sort(types);
    String enter = "-";
    String exit = "-";
    String call = "-";
    for (ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements())) {
      AnnotationMirror onEnter = annotation(method, "OnMethodEnter");
      AnnotationMirror onExit = annotation(method, "OnMethodExit");
      if (onEnter != null) {
        enter = hook(method, enterFlags(method, onEnter));
      } else if (onExit != null) {
        exit = hook(method, exitFlags(method, onExit));
      } else if (!weave.call().isEmpty() && method.getSimpleName().contentEquals("call")) {
        call = callSite(weave.call(), method);
      }
    }
    if (weave.call().isEmpty() ? enter.equals("-") && exit.equals("-") : call.equals("-")) {
      throw new IllegalArgumentException(
          weave.call().isEmpty()
              ? "@Weave needs a method with @Advice.OnMethodEnter or @Advice.OnMethodExit"
              : "@Weave(call) needs a static method named call");
    }
    return processingEnv.getElementUtils().getBinaryName(type).toString().replace('.', '/')
        + '\t'
        + String.join(" ", types)
        + '\t'
        + String.join(" ", methods)
        + '\t'
        + (weave.state() ? "S" : "-")
        + (weave.optional() ? "O" : "")
        + '\t'
        + (weave.call().isEmpty() ? enter + '\t' + exit : "-\t-")
        + '\t'
        + call;
  }

  private static String callSite(String call, ExecutableElement method) {
    requireStatic(method);
    int dot = call.lastIndexOf('.', call.indexOf('('));
    return call.substring(0, dot).replace('.', '/')
        + '|'
        + Signatures.method(call.substring(dot + 1))
        + '|'
        + Signatures.descriptor(method);
  }

  private static void requireStatic(ExecutableElement method) {
    if (!method.getModifiers().contains(Modifier.STATIC)
        || !method.getModifiers().contains(Modifier.PUBLIC)) {
      throw new IllegalArgumentException(method + " must be public and static");
    }
  }

  private static String hook(ExecutableElement method, String flags) {
    requireStatic(method);
    List<String> sources = new ArrayList<>();
    for (VariableElement parameter : method.getParameters()) {
      sources.add(source(parameter));
    }
    return method.getSimpleName()
        + Signatures.descriptor(method)
        + '|'
        + String.join(" ", sources)
        + '|'
        + flags;
  }

  private static String source(VariableElement parameter) {
    AnnotationMirror argument = annotation(parameter, "Argument");
    if (argument != null) {
      return String.valueOf(value(argument, "value"));
    }
    if (annotation(parameter, "This") != null) {
      return "t";
    }
    if (annotation(parameter, "Enter") != null) {
      return "e";
    }
    if (annotation(parameter, "Return") != null) {
      return "r";
    }
    if (annotation(parameter, "Thrown") != null) {
      return "x";
    }
    throw new IllegalArgumentException(
        "parameter " + parameter + " needs @Advice.Argument, This, Enter, Return or Thrown");
  }

  private static String enterFlags(ExecutableElement method, AnnotationMirror onEnter) {
    requireCall(method, onEnter);
    String flags = "";
    Object skip = value(onEnter, "skipOn");
    if (skip != null && skip.toString().endsWith("OnNonDefaultValue")) {
      flags += "K";
    }
    AnnotationMirror replaced = annotation(method, "AssignReturned.ToArguments");
    if (replaced != null) {
      Object first = value(replaced, "value");
      Object target =
          ((AnnotationValue) ((List<?>) java.util.Objects.requireNonNull(first)).get(0)).getValue();
      flags += "A" + value((AnnotationMirror) target, "value");
    }
    return flags;
  }

  private static String exitFlags(ExecutableElement method, AnnotationMirror onExit) {
    requireCall(method, onExit);
    String flags = annotation(method, "AssignReturned.ToReturned") != null ? "R" : "";
    Object thrown = value(onExit, "onThrowable");
    return thrown != null && thrown.toString().equals("java.lang.Throwable") ? flags + "T" : flags;
  }

  private static void requireCall(ExecutableElement method, AnnotationMirror advice) {
    if (!Boolean.FALSE.equals(value(advice, "inline"))) {
      throw new IllegalArgumentException(method + " needs inline = false");
    }
  }

  private static @Nullable AnnotationMirror annotation(Element element, String name) {
    for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
      TypeMirror type = mirror.getAnnotationType();
      if (type.toString().equals(ADVICE + name)) {
        return mirror;
      }
    }
    return null;
  }

  private static @Nullable Object value(AnnotationMirror mirror, String name) {
    for (java.util.Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry :
        mirror.getElementValues().entrySet()) {
      if (entry.getKey().getSimpleName().contentEquals(name)) {
        return entry.getValue().getValue();
      }
    }
    return null;
  }
}
