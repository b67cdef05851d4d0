import java.util.*;
public class Main {
    static Map<String, List<double[]>> f(Map<String, Integer> counts, String name, boolean flag, char sign, List<List<String>> rows) {
        Map<String, List<double[]>> out = new TreeMap<>();
        for (var e : counts.entrySet()) out.put(e.getKey(), List.of(new double[] { e.getValue(), e.getValue() / 2.0 }));
        if (name == null && flag) out.put("" + sign + rows.get(0).get(0), List.of());
        return out;
    }
}
