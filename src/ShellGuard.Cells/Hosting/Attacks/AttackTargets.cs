using System.Globalization;

namespace ShellGuard.Cells.Hosting.Attacks;

/// <summary>What the attacks in a cell aim at: canaries that <c>doctor</c> set up outside.</summary>
/// <param name="Directory">The directory of the canaries.</param>
/// <param name="Port">A TCP port on the host's loopback.</param>
/// <param name="AbstractName">An abstract unix socket of the host, without the leading NUL.</param>
/// <param name="OutsideProcess">A process of the host, by its number there.</param>
/// <param name="Home">The user's home directory.</param>
public sealed record AttackTargets(
    string Directory, int Port, string AbstractName, int OutsideProcess, string Home)
{
    public string Secret => $"{Directory}/shown/secret";

    public string ReadOnlyFile => $"{Directory}/shown/note";

    public string LayerFile => $"{Directory}/work/kept";

    public string StreamSocket => $"{Directory}/sockets/stream";

    public string DatagramSocket => $"{Directory}/sockets/datagram";

    public string Storage => $"{Directory}/state";

    /// <summary>As arguments of the attacker.</summary>
    public IReadOnlyList<string> ToArguments() =>
    [
        Directory, Port.ToString(CultureInfo.InvariantCulture), AbstractName,
        OutsideProcess.ToString(CultureInfo.InvariantCulture), Home,
    ];

    /// <summary>Reads what <see cref="ToArguments"/> made; null when it is something else.</summary>
    public static AttackTargets? Parse(IReadOnlyList<string> arguments) =>
        arguments.Count == 5
        && int.TryParse(arguments[1], CultureInfo.InvariantCulture, out int port)
        && int.TryParse(arguments[3], CultureInfo.InvariantCulture, out int process)
            ? new AttackTargets(arguments[0], port, arguments[2], process, arguments[4])
            : null;
}
