using O1Coder.Inference.Cpu;

namespace O1Coder.Inference.Tests.Cpu.MachineCode;

/// <summary>Instructions as the GNU assembler encodes them (binutils 2.40).</summary>
public sealed class VectorAssemblerTests
{
    private const int Sums = 20;

    [Fact]
    public void Vectors_are_loaded_and_stored()
    {
        Check("62717c48104e05", code => code.Load(9, new Operand(General.Rsi, 0x140)));
        Check("62c17c48116b01", code => code.Store(new Operand(General.R11, 0x40), 21));
        Check("62e27d48587001", code => code.Broadcast(22, new Operand(General.Rax, 4)));
        Check("62627d487cf8", code => code.Broadcast(31, General.Rax));
        Check("62e27d48134e01", code => code.LoadHalves(17, new Operand(General.Rsi, 0x20)));
        Check("62a17c4828ec", code => code.Move(21, Sums));
    }

    [Fact]
    public void Integers_are_computed_with()
    {
        Check("62111d48dbe7", code => code.And(12, 12, 31));
        Check("62010d40eff6", code => code.Clear(30));
        Check("62d1054872d304", code => code.ShiftRight(15, 11, 4));
        Check("62b15d4072f404", code => code.ShiftLeft(Sums, Sums, 4));
        Check("62e10d50fa6009", code => code.SubtractBroadcast(Sums, 30, new Operand(General.Rax, 36)));
        Check("62a23d4850ee", code => code.Dot(21, 8, 22));
    }

    [Fact]
    public void Floats_are_computed_with()
    {
        Check("62a17c485be4", code => code.ToFloats(Sums, Sums));
        Check("62e15c50596008", code => code.MultiplyBroadcast(Sums, Sums, new Operand(General.Rax, 32)));
        Check("62c27540a86b01", code => code.MultiplyThenAdd(21, 17, new Operand(General.R11, 0x40)));
        Check("62a27d40a8e7", code => code.MultiplyThenAdd(Sums, 16, 23));
        Check("62e26550b8780a", code => code.AddProductBroadcast(23, 19, new Operand(General.Rax, 40)));
        Check("c5f877", code => code.ClearUpper());
    }

    [Fact]
    public void General_registers_are_computed_with()
    {
        Check("4c8b4710", code => code.Load64(General.R8, new Operand(General.Rdi, 16)));
        Check("41b90f0f0f0f", code => code.Set(General.R9, 0x0F0F0F0F));
        Check("4d89d3", code => code.Move(General.R11, General.R10));
        Check("4d01c8", code => code.Add(General.R8, General.R9));
        Check("4981c380000000", code => code.Add(General.R11, 128));

        // With the prefix that says nothing, which the other assembler leaves out.
        Check("408b570c", code => code.Load32(General.Rdx, new Operand(General.Rdi, 12)));
        Check("400f188e00200000", code => code.Ahead(new Operand(General.Rsi, 8192)));
        Check("c3", code => code.Return());
    }

    [Fact]
    public void A_loop_goes_back_to_where_it_began()
    {
        // dec edx; jne to the ret before, 1 + 3 + 6 bytes back from its end.
        Check("c340ffca0f85f6ffffff", code =>
        {
            code.Return();
            code.Repeat(General.Rdx, 0);
        });
    }

    [Fact]
    public void An_address_that_needs_another_form_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => new VectorAssembler().Load(0, new Operand(General.Rsp, 0)));
        Assert.Contains("Rsp", refused.Message, StringComparison.Ordinal);
    }

    private static void Check(string expected, Action<VectorAssembler> write)
    {
        var code = new VectorAssembler();
        write(code);
        Assert.Equal(expected, Convert.ToHexStringLower(code.ToArray()));
    }
}
