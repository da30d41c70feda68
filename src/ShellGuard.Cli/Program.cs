using System.Runtime.InteropServices;
using ShellGuard.Cli;
using ShellGuard.Cli.Support;

const PosixSignal SIGXFSZ = (PosixSignal)25;

// A file that may not grow, setrlimit(2), is an error of the write, which is told with its reason. By default the signal would end us
// without a word. Who is executed has the default again, execve(2).
using PosixSignalRegistration registration = PosixSignalRegistration.Create(SIGXFSZ, context => context.Cancel = true);
return CalledName.RunLeash(args, out int status) ? status : CommandLine.Run(args);
