import sys, time
from wasmtime import Config, Engine, Store, Module, Instance
mode, file, rounds, calls = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
config = Config()
config.consume_fuel = mode == 'fuel'
engine = Engine(config)
module = Module.from_file(engine, file)
for call in calls:
    name, arg = call.split('=')
    store = Store(engine)
    if mode == 'fuel':
        store.set_fuel(1 << 62)
    function = Instance(store, module, []).exports(store)[name]
    best, fuel = 1e9, 0
    for _ in range(rounds):
        left = store.get_fuel() if mode == 'fuel' else 0
        start = time.process_time()
        result = function(store, int(arg))
        best = min(best, (time.process_time() - start) * 1e3)
        fuel = left - store.get_fuel() if mode == 'fuel' else 0
    print(name, f'{best:.2f}', result, fuel)
