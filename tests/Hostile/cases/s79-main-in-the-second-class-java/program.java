class First { int number = 42; }

class Second {
    public static void main(String[] args) { System.out.println(new First().number); }
}
