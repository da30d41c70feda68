using ShellGuard.Core.Flow.Forms;

namespace ShellGuard.Policy.Model;

/// <summary>A program whose output is let out when it has the declared form.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Sha256">Of the program's file, 64 lower-case hexadecimal digits.</param>
/// <param name="Form">What the output must look like, and how many bits one passage costs.</param>
/// <param name="Per">In any such time at most the gate's capacity passes.</param>
/// <param name="Time">How long the program may take.</param>
public sealed record FilterRule(string Program, string Sha256, OutputForm Form, TimeSpan Per, TimeSpan Time);
