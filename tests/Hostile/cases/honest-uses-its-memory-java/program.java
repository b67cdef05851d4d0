public class Main {
    public static void main(String[] args) {
        byte[][] kept = new byte[90][];
        for (int i = 0; i < kept.length; i++) { kept[i] = new byte[1 << 20]; java.util.Arrays.fill(kept[i], (byte) 1); }
        System.out.println(kept.length);
    }
}
