#line 1 "/etc/passwd"
#load "/etc/passwd"
#r "/etc/passwd"
Console.WriteLine(1) syntax error
