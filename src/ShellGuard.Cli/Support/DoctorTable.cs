using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.Hosting.Attacks;

namespace ShellGuard.Cli.Support;

/// <summary>What <c>doctor</c> prints for people.</summary>
internal static class DoctorTable
{
    private const int StateWidth = 8;

    public static void Print(IReadOnlyList<Guarantee> guarantees, IReadOnlyList<AttackOutcome>? attacks)
    {
        int width = guarantees.Max(guarantee => guarantee.Name.Length);
        foreach (Guarantee guarantee in guarantees)
        {
            Paint paint = guarantee.State switch
            {
                GuaranteeState.Held => Paint.Green,
                GuaranteeState.Partly => Paint.Yellow,
                _ => Paint.Red,
            };
            Line(DoctorJson.Word(guarantee.State), paint, guarantee.Name.PadRight(width), guarantee.How);
            if (guarantee.WayOn is not null)
            {
                Line("", Paint.None, "".PadRight(width), $"-> {guarantee.WayOn}");
            }
        }

        if (attacks is null)
        {
            return;
        }

        Console.Out.WriteLine();
        width = attacks.Max(attack => attack.Tried.Length);
        foreach (AttackOutcome attack in attacks)
        {
            Line(
                attack.IsHeld ? "held" : "NOT HELD", attack.IsHeld ? Paint.Green : Paint.Red, attack.Tried.PadRight(width),
                $"expected: {attack.Expected}; got: {attack.Got}");
        }

        Console.Out.WriteLine($"{attacks.Count(attack => attack.IsHeld)} of {attacks.Count} attacks held");
    }

    private static void Line(string state, Paint paint, string name, string text) =>
        Console.Out.WriteLine($"{Terminal.Paint(state.PadRight(StateWidth), paint)}  {name}  {text}");
}
