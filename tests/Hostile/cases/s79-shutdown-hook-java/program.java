public class Main {
    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("41")));
        System.out.println(42);
        System.exit(0);
    }
}
