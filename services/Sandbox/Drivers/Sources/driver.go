package main

import (
	"io"
	"math"
	"math/big"
	"os"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// Reads one call from standard input, calls the program's function by reflection and answers on descriptor 3.
type o1coderReader struct {
	data []byte
	at   int
}

type o1coderPair struct{ key, value interface{} }

type o1coderFault struct{ kind, why string }

func (r *o1coderReader) read() interface{} {
	tag := r.data[r.at]
	r.at++
	switch tag {
	case 'N':
		return nil
	case 'T', 'F':
		return tag == 'T'
	}
	count := 0
	for r.data[r.at] != ':' {
		count = count*10 + int(r.data[r.at]-'0')
		r.at++
	}
	r.at++
	switch tag {
	case 'l', 't', 'S':
		items := make([]interface{}, 0)
		for i := 0; i < count; i++ {
			items = append(items, r.read())
		}
		return items
	case 'd':
		pairs := make([]o1coderPair, 0)
		for i := 0; i < count; i++ {
			key := r.read()
			pairs = append(pairs, o1coderPair{key, r.read()})
		}
		return pairs
	}
	text := string(r.data[r.at : r.at+count])
	r.at += count
	switch tag {
	case 'i':
		number, _ := new(big.Int).SetString(text, 16)
		return number
	case 'f':
		number, _ := strconv.ParseFloat(text, 64)
		return number
	}
	return text
}

func o1coderRefuse(kind reflect.Type) { panic("an argument is not a " + kind.String()) }

func o1coderTake(value interface{}, kind reflect.Type) reflect.Value {
	made := reflect.New(kind).Elem()
	switch kind.Kind() {
	case reflect.Bool:
		if flag, ok := value.(bool); ok {
			made.SetBool(flag)
			return made
		}
	case reflect.String:
		if text, ok := value.(string); ok {
			made.SetString(text)
			return made
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if number, ok := value.(*big.Int); ok && number.IsInt64() && !made.OverflowInt(number.Int64()) {
			made.SetInt(number.Int64())
			return made
		}
		if text, ok := value.(string); ok && kind.Kind() == reflect.Int32 && len([]rune(text)) == 1 {
			made.SetInt(int64([]rune(text)[0]))
			return made
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if number, ok := value.(*big.Int); ok && number.IsUint64() && !made.OverflowUint(number.Uint64()) {
			made.SetUint(number.Uint64())
			return made
		}
		if text, ok := value.(string); ok && kind.Kind() == reflect.Uint8 && len(text) == 1 {
			made.SetUint(uint64(text[0]))
			return made
		}
	case reflect.Float32, reflect.Float64:
		switch number := value.(type) {
		case float64:
			made.SetFloat(number)
			return made
		case *big.Int:
			real, _ := new(big.Float).SetInt(number).Float64()
			made.SetFloat(real)
			return made
		}
	case reflect.Ptr:
		if value == nil {
			return made
		}
		made.Set(reflect.New(kind.Elem()))
		made.Elem().Set(o1coderTake(value, kind.Elem()))
		return made
	case reflect.Slice:
		if items, ok := value.([]interface{}); ok {
			made.Set(reflect.MakeSlice(kind, len(items), len(items)))
			for i, item := range items {
				made.Index(i).Set(o1coderTake(item, kind.Elem()))
			}
			return made
		}
		if text, ok := value.(string); ok && kind.Elem().Kind() == reflect.Uint8 {
			made.SetBytes([]byte(text))
			return made
		}
	case reflect.Array:
		if items, ok := value.([]interface{}); ok && len(items) == kind.Len() {
			for i, item := range items {
				made.Index(i).Set(o1coderTake(item, kind.Elem()))
			}
			return made
		}
	case reflect.Map:
		if pairs, ok := value.([]o1coderPair); ok {
			made.Set(reflect.MakeMap(kind))
			for _, pair := range pairs {
				key := pair.key
				if name, ok := key.(string); ok && kind.Key().Kind() != reflect.String {
					// A name of JSON's that is to be a number.
					key, _ = new(big.Int).SetString(name, 10)
				}
				made.SetMapIndex(o1coderTake(key, kind.Key()), o1coderTake(pair.value, kind.Elem()))
			}
			return made
		}
	case reflect.Interface:
		if natural := o1coderNatural(value); natural != nil {
			made.Set(reflect.ValueOf(natural))
		}
		return made
	}
	o1coderRefuse(kind)
	return made
}

func o1coderNatural(value interface{}) interface{} {
	switch given := value.(type) {
	case *big.Int:
		if given.IsInt64() {
			return int(given.Int64())
		}
	case []interface{}:
		for i, item := range given {
			given[i] = o1coderNatural(item)
		}
	case []o1coderPair:
		made := map[string]interface{}{}
		for _, pair := range given {
			made[pair.key.(string)] = o1coderNatural(pair.value)
		}
		return made
	}
	return value
}

type o1coderWriter struct{ out strings.Builder }

func (w *o1coderWriter) put(text string) {
	if w.out.Len()+len(text) > 8<<20 {
		panic(o1coderFault{"output-limit", "the value takes more than 8388608 bytes"})
	}
	w.out.WriteString(text)
}

func (w *o1coderWriter) count(tag string, count int) { w.put(tag + strconv.Itoa(count) + ":") }

func (w *o1coderWriter) content(tag string, text string) {
	w.count(tag, len(text))
	w.put(text)
}

func (w *o1coderWriter) give(value reflect.Value, depth int) {
	if depth > 400 {
		panic(o1coderFault{"wrong", "the value nests deeper than 400 levels"})
	}
	if !value.IsValid() {
		w.put("N")
		return
	}
	if number, ok := value.Interface().(*big.Int); ok && number != nil {
		w.content("i", number.Text(16))
		return
	}
	switch value.Kind() {
	case reflect.Bool:
		if value.Bool() {
			w.put("T")
		} else {
			w.put("F")
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.content("i", strconv.FormatInt(value.Int(), 16))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		w.content("i", strconv.FormatUint(value.Uint(), 16))
	case reflect.Float32, reflect.Float64:
		if math.IsInf(value.Float(), 0) {
			w.content("f", map[bool]string{true: "inf", false: "-inf"}[value.Float() > 0])
		} else {
			w.content("f", strings.ToLower(strconv.FormatFloat(value.Float(), 'g', -1, 64)))
		}
	case reflect.String:
		w.content("s", value.String())
	case reflect.Ptr, reflect.Interface:
		if value.IsNil() {
			w.put("N")
		} else {
			w.give(value.Elem(), depth+1)
		}
	case reflect.Slice, reflect.Array:
		w.count("l", value.Len())
		for i := 0; i < value.Len(); i++ {
			w.give(value.Index(i), depth+1)
		}
	case reflect.Map:
		keys := value.MapKeys()
		if value.Type().Elem().Kind() == reflect.Struct && value.Type().Elem().NumField() == 0 {
			// A set, as Go writes it.
			w.count("S", len(keys))
			for _, key := range keys {
				w.give(key, depth+1)
			}
			return
		}
		sort.Slice(keys, func(i, j int) bool { return keys[i].Kind() == reflect.String && keys[i].String() < keys[j].String() })
		w.count("d", len(keys))
		for _, key := range keys {
			w.give(key, depth+1)
			w.give(value.MapIndex(key), depth+1)
		}
	default:
		w.content("O", value.Type().String())
	}
}

func o1coderMessage(kind, nonce string, rest ...reflect.Value) (text string, fault *o1coderFault) {
	defer func() {
		if thrown := recover(); thrown != nil {
			known, ok := thrown.(o1coderFault)
			if !ok {
				panic(thrown)
			}
			fault = &known
		}
	}()
	w := &o1coderWriter{}
	w.count("l", 2+len(rest))
	w.content("s", kind)
	w.content("s", nonce)
	for _, item := range rest {
		w.give(item, 0)
	}
	return w.out.String(), nil
}

func main() {
	data, _ := io.ReadAll(os.Stdin)
	asked := (&o1coderReader{data, 4}).read().([]interface{})
	nonce, given := asked[0].(string), asked[2].([]interface{})
	target := reflect.ValueOf(@TARGET@)
	if target.Type().NumIn() != len(given) {
		panic("the function takes " + strconv.Itoa(target.Type().NumIn()) + " arguments")
	}
	arguments := make([]reflect.Value, len(given))
	for i := range given {
		arguments[i] = o1coderTake(given[i], target.Type().In(i))
	}
	results := target.Call(arguments)
	value := reflect.Value{}
	if len(results) == 1 {
		value = results[0]
	} else if len(results) > 1 {
		items := make([]interface{}, len(results))
		for i := range results {
			items[i] = results[i].Interface()
		}
		value = reflect.ValueOf(items)
	}
	body, fault := o1coderMessage("value", nonce, value)
	if fault != nil {
		body, _ = o1coderMessage("unsendable", nonce, reflect.ValueOf(fault.kind), reflect.ValueOf(fault.why))
	}
	head := []byte{byte(len(body) >> 24), byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}
	if _, err := os.NewFile(3, "line").Write(append(head, body...)); err != nil {
		panic(err)
	}
}
