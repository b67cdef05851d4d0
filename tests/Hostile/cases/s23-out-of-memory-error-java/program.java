import java.util.*;

public class Main {
    public static void main(String[] args) {
        Map<Integer, String> kept = new HashMap<>();
        for (int i = 0; ; i++) kept.put(i, "number " + i);
    }
}
