"""What the merchants talk to and run in: the simulator, php-fpm behind nginx. All on loopback, all ended by `stop`."""

import ctypes
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.request

FPM = "/usr/sbin/php-fpm8.2"
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(ready, seconds, what):
    end = time.time() + seconds
    while not ready():
        if time.time() > end:
            raise SystemExit(f"soak: {what()}")
        time.sleep(0.05)


def start(command, output, environment):
    """A child that ends with this process, whatever ends it."""
    ends_with_parent = lambda: ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment,
                            preexec_fn=ends_with_parent)


def stop(child):
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class Simulator:
    """`wxpay simulate`, which can be restarted on its port. `away`: when it could not be reached, ms."""

    def __init__(self, command, work, seconds):
        self.command, self.work, self.seconds = command, work, seconds
        self.port, self.logs, self.away = free_port(), [], []
        self.start()

    def start(self):
        self.logs.append(f"{self.work}/simulator{len(self.logs) + 1}.log")
        arguments = ["--listen", f"127.0.0.1:{self.port}", "--dir", f"{self.work}/sim", "--time-scale", "100"]
        with open(self.logs[-1], "wb") as log:
            self.child = subprocess.Popen(
                [self.command, "simulate", "--exit-with-parent", "--max-seconds", str(self.seconds), *arguments],
                stdout=subprocess.PIPE, stderr=log)
        if not self.child.stdout.readline():
            raise SystemExit(f"soak: the simulator did not start: {open(self.logs[-1]).read()}")
        # Another authority at each start; the merchants' store changes under them in one step.
        shutil.copy(f"{self.work}/sim/ca.pem", f"{self.work}/ca.new")
        os.chmod(f"{self.work}/ca.new", 0o644)
        os.replace(f"{self.work}/ca.new", f"{self.work}/ca.pem")
        self.trust = ssl.create_default_context(cafile=f"{self.work}/ca.pem")

    def restart(self):
        since = int(time.time() * 1000) - 100
        stop(self.child)
        time.sleep(1)
        self.start()
        # The merchants look at their store once a second.
        self.away.append((since, int(time.time() * 1000) + 3000))

    def control(self, method, path, body=None):
        """A connection each, and again when a fault was meant for somebody else's."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}/_sim/{path}", data, method=method)
        for tries in range(8):
            try:
                with urllib.request.urlopen(request, timeout=10, context=self.trust) as answer:
                    return json.loads(answer.read() or b"null")
            except OSError:
                if tries == 7:
                    raise

    def merchant(self):
        """merchant.json with the keys themselves, for whoever may not read the simulator's files."""
        with open(f"{self.work}/sim/merchant.json") as file:
            merchant = json.load(file)
        for key in [key for key in merchant if key.endswith("_file") and key[0] != "_"]:
            with open(os.path.join(self.work, "sim", merchant.pop(key))) as file:
                merchant[key[:-5]] = file.read()
        return merchant


class Fpm:
    """Two pools: workers that live for ever, and workers that end after some requests."""

    POOLS = {"inf": 0, "fin": 8}
    WORKERS = 3

    def __init__(self, work, library, environment, parameters):
        self.dir = f"{work}/fpm"
        os.makedirs(self.dir)
        self.port = free_port()
        shutil.copy(f"{HERE}/shop.php", self.dir)
        made = subprocess.run(["sh", f"{ROOT}/bindings/php/make_package.sh", library, self.dir],
                              check=True, capture_output=True, text=True).stdout.strip()
        subprocess.run(["tar", "-xzf", made, "-C", self.dir], check=True)
        package = made[: -len(".tar.gz")]
        ini = subprocess.run(["php", f"{package}/bin/wxpay-install", f"{self.dir}/wxpay.preload.h"],
                             check=True, capture_output=True, text=True).stdout.split("php.ini of php-fpm:")[1]
        self.user = "www-data" if os.getuid() == 0 else ""
        if not self.user:
            ini = ini.replace("opcache.preload_user", ";opcache.preload_user")
        self.write("php.ini", f"{ini}\nlog_errors=On\ndisplay_errors=Off\n")
        self.write("fpm.conf", f"[global]\nerror_log = {self.dir}/fpm.log\n" + "".join(map(self.pool, self.POOLS)))
        self.write("nginx.conf", self.nginx(parameters))
        if self.user:
            subprocess.run(["chown", "-R", f"{self.user}:", self.dir, *parameters["owned"]], check=True)
        self.output = open(f"{self.dir}/output", "wb")
        command = [FPM, "--nodaemonize", "-c", f"{self.dir}/php.ini", "-y", f"{self.dir}/fpm.conf"]
        self.fpm = start(command, self.output, environment)
        self.children = [start(["nginx", "-c", f"{self.dir}/nginx.conf"], self.output, environment), self.fpm]
        until(lambda: all(os.path.exists(f"{self.dir}/{pool}.sock") for pool in self.POOLS) and self.answers(), 60,
              lambda: f"php-fpm is not ready: {self.said()}")

    def answers(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def write(self, name, text):
        with open(f"{self.dir}/{name}", "w") as file:
            file.write(text)

    def pool(self, name):
        user = f"user = {self.user}\ngroup = {self.user}\nlisten.owner = {self.user}\n" if self.user else ""
        return (f"[{name}]\n{user}listen = {self.dir}/{name}.sock\npm = static\npm.max_children = {self.WORKERS}\n"
                f"pm.max_requests = {self.POOLS[name]}\ncatch_workers_output = yes\nclear_env = no\n")

    def nginx(self, parameters):
        user = f"user {self.user};\n" if self.user else ""
        places = "".join(f"{name}_temp_path {self.dir}/{name};\n" for name in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi"))
        shared = "".join(f'fastcgi_param SOAK_{name} "{value}";\n' for name, value in parameters["fastcgi"].items())
        locations = "".join(
            f"location /{pool} {{\ninclude /etc/nginx/fastcgi_params;\nfastcgi_param SCRIPT_FILENAME {self.dir}/shop.php;\n{shared}"
            f'fastcgi_param SOAK_PREFIX "{parameters["prefix"][pool]}";\n'
            f'fastcgi_param SOAK_NOTIFY "http://127.0.0.1:{self.port}/{pool}";\n'
            f"fastcgi_pass unix:{self.dir}/{pool}.sock;\n}}\n" for pool in self.POOLS)
        return (f"{user}daemon off;\npid {self.dir}/nginx.pid;\nerror_log {self.dir}/nginx.log;\nevents {{}}\n"
                f"http {{\naccess_log off;\n{places}server {{\nlisten 127.0.0.1:{self.port};\n{locations}}}\n}}\n")

    def workers(self):
        """{pid: pool}, as they are now."""
        found = {}
        try:
            with open(f"/proc/{self.fpm.pid}/task/{self.fpm.pid}/children") as file:
                for pid in file.read().split():
                    with open(f"/proc/{pid}/cmdline") as name:
                        found[int(pid)] = name.read().split("pool ")[-1].rstrip("\0 ")
        except OSError:
            pass
        return {pid: pool for pid, pool in found.items() if pool in self.POOLS}

    def said(self):
        """What should not be there: crashes, and what PHP or the library print."""
        text = ""
        for name in ("output", "fpm.log", "nginx.log"):
            if os.path.exists(f"{self.dir}/{name}"):
                with open(f"{self.dir}/{name}", errors="replace") as file:
                    text += file.read()
        return text

    def stop(self):
        for child in self.children:
            stop(child)
        self.output.close()
