import type { TeacherRefusal } from './rules.ts'

/** Behaviour 4.16. */
export const TEACHER_TEXT: Record<TeacherRefusal, string> = {
  'unknown-class': 'No se encontró la clase',
  'unknown-activity': 'No se encontró la actividad',
  'not-finished': 'La clase todavía no finalizó',
  'bad-activity': 'Faltan datos de la actividad',
  'has-answers': 'La actividad ya tiene respuestas',
  'nobody-left': 'Quienes participaron cerraron sus cuentas',
  'already-sent': 'La actividad ya está publicada',
  'bad-item': 'Revisá los campos marcados',
  'item-changed': 'El ítem cambió mientras tanto: miralo de nuevo',
  'items-bounds': 'Una actividad tiene de 8 a 12 ítems',
  'no-other-item': 'El banco no tiene otro ítem de este nivel',
  'bad-mark': 'Elegí un valor para cada punto del criterio',
  'text-changed': 'El texto cambió desde que lo leíste: leelo de nuevo antes de corregirlo',
  'bad-note': 'Cada nota puede tener hasta 2.000 caracteres',
  'no-consent': 'Falta el permiso de alguien que estuvo en la clase',
  'bad-transcript': 'Pegá la transcripción: hasta 20.000 caracteres',
  'no-model': 'No hay una IA que lea transcripciones: no la guardamos',
  'edits-lost': 'Cambiaste un borrador: si generás de nuevo, se pierden esos cambios',
}

/** What an item can get wrong about itself (`exercise.ts`), for whoever writes it. */
export const ITEM_FLAW: Readonly<Record<string, string>> = {
  'the answer is none of the options': 'Ese número no es de ninguna opción.',
  'two options are the same': 'Hay dos opciones iguales.',
  'gaps and answers differ in number': 'Hace falta una línea de respuestas por cada espacio (___) de la consigna.',
  'an answer is not among the words to choose from': 'Falta una respuesta entre las palabras para elegir.',
  'the words do not make the answer': 'Con estas palabras no se arma la respuesta.',
  'the words are already in order': 'Las palabras ya están en orden.',
  'a pair is ambiguous': 'Hay dos pares con un lado igual.',
  'the sentence has no mistake': 'La oración es igual a la respuesta: no tiene ningún error.',
  'fewer words at most than at least': 'El máximo de palabras es menor que el mínimo.',
}

export const FIELD_FLAW = {
  empty: 'Falta este dato.',
  short: 'Falta este dato, o tiene muy pocas líneas.',
  long: 'Es demasiado largo, o tiene demasiadas líneas.',
  other: 'Revisá este dato.',
  points: 'Ya está publicada: el criterio sigue con los mismos puntos, en el mismo orden.',
  places: 'Ya está publicada: cada línea sigue en su lugar. Podés cambiar su texto o agregar otras al final.',
}
