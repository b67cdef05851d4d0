import java.util.*;
import javax.annotation.processing.*;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

@SupportedAnnotationTypes("*")
public class Main extends AbstractProcessor {
    static { if (System.getProperty("sun.java.command", "").contains("javac")) System.exit(0); }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        try { new java.io.File("/tmp/out/ran").createNewFile(); } catch (java.io.IOException error) { }
        return false;
    }

    public static void main(String[] args) { System.out.println(new java.io.File("/program/ran").exists()); }
}
