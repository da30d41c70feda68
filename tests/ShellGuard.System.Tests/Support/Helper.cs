namespace ShellGuard.System.Tests.Support;

/// <summary>Small programs of the tests themselves, compiled once a run where they need it.</summary>
internal static class Helper
{
    private static readonly Lazy<string> Built = new(() =>
    {
        DirectoryInfo directory = Directory.CreateDirectory($"/var/tmp/sgt-helpers-{Environment.ProcessId}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Delete(recursive: true);
        File.SetUnixFileMode(directory.FullName, (UnixFileMode)0b111_101_101);
        return directory.FullName;
    });

    private static readonly Lazy<string> Musl = new(() =>
    {
        string program = $"{Built.Value}/client-musl";
        Programs.Run("musl-gcc", "-static", "-O1", "-Wall", "-Werror", "-o", program, PathOf("client.c")).Succeed();
        return program;
    });

    private static readonly Lazy<string> SignalProgram = new(() =>
    {
        string program = $"{Built.Value}/signals";
        Programs.Run("gcc", "-O1", "-Wall", "-Werror", "-o", program, PathOf("signals.c")).Succeed();
        return program;
    });

    private static readonly Lazy<string> TracedProgram = new(() => Compile("traced"));

    private static readonly Lazy<string> HidingProgram = new(() => Compile("hiding"));

    private static readonly Lazy<string> ColdProgram = new(() => Compile("cold"));

    private static readonly Lazy<string> ProgramsProgram = new(() => Compile("programs"));

    private static readonly Lazy<string> CompatibleProgram = new(() =>
    {
        string program = $"{Built.Value}/compatible";
        Programs.Run(
            "gcc", "-m32", "-nostdlib", "-static", "-ffreestanding", "-fno-stack-protector", "-O1", "-Wall", "-Werror", "-o", program,
            PathOf("compatible.c")).Succeed();
        return program;
    });

    private static readonly Lazy<string> Go = new(() =>
    {
        string program = $"{Built.Value}/client-go";
        Programs.Run(
            Programs.Start(
                ["go", "build", "-o", program, PathOf("client.go")],
                Built.Value,
                new Dictionary<string, string>
                {
                    ["CGO_ENABLED"] = "0",
                    ["GOCACHE"] = $"{Built.Value}/go-cache",
                    ["GOPATH"] = $"{Built.Value}/go",
                    ["GOFLAGS"] = "-mod=mod",
                    ["GOTOOLCHAIN"] = "local",
                    ["HOME"] = Built.Value,
                }),
            null).Succeed();
        return program;
    });

    /// <summary>A 32-bit program with a child; its source says what both do.</summary>
    public static string Compatible => CompatibleProgram.Value;

    /// <summary>A static client without glibc's resolver: arguments HOST PORT, prints what the server says.</summary>
    public static string MuslClient => Musl.Value;

    /// <summary>Makes trapped calls while signals come; its source says how.</summary>
    public static string Signals => SignalProgram.Value;

    /// <summary>Reaches things in ways that a tracer could miss; its source says how.</summary>
    public static string Traced => TracedProgram.Value;

    /// <summary>Tries to stay out of a tracer's sight; its source says how.</summary>
    public static string Hiding => HidingProgram.Value;

    /// <summary>Hands texts to the kernel that are not in memory yet; its source says how.</summary>
    public static string Cold => ColdProgram.Value;

    /// <summary>Prints the names of the eBPF programs that the kernel holds.</summary>
    public static string LoadedPrograms => ProgramsProgram.Value;

    /// <summary>A static client with Go's own resolver.</summary>
    public static string GoClient => Go.Value;

    /// <summary>A helper's source.</summary>
    public static string PathOf(string name) => $"{AppContext.BaseDirectory}Helpers/{name}";

    private static string Compile(string name)
    {
        string program = $"{Built.Value}/{name}";
        Programs.Run("gcc", "-O1", "-Wall", "-Werror", "-pthread", "-o", program, PathOf($"{name}.c")).Succeed();
        return program;
    }
}
