public class Main {
    static long deeper(int left) { return left == 0 ? 0 : deeper(left - 1) + 1; }

    public static void main(String[] args) { System.out.println(deeper(500000)); }
}
