#define A0 undefined_name;
#define A1 A0 A0 A0 A0 A0 A0 A0 A0 A0 A0 
#define A2 A1 A1 A1 A1 A1 A1 A1 A1 A1 A1 
#define A3 A2 A2 A2 A2 A2 A2 A2 A2 A2 A2 
#define A4 A3 A3 A3 A3 A3 A3 A3 A3 A3 A3 
#define A5 A4 A4 A4 A4 A4 A4 A4 A4 A4 A4 
#define A6 A5 A5 A5 A5 A5 A5 A5 A5 A5 A5 
struct S { void f() { A6 } };
void g0() { A5 }
void g1() { A5 }
void g2() { A5 }
void g3() { A5 }
void g4() { A5 }
void g5() { A5 }
void g6() { A5 }
void g7() { A5 }
void g8() { A5 }
void g9() { A5 }
int main() { A6 }
