import type { Policy } from '../policy.ts'

export const GUIDE = {
  title: 'Guía',
  lead: 'Todo lo que se hace en HablaInglesYa, en el orden en que se hace.',
  contents: 'En esta guía',
  help: '¿No encontraste lo que buscabas?',
  helpLink: 'Escribinos desde el Centro de Ayuda',
  start: 'Reservar una clase',
} as const

export interface GuidePart {
  id: string
  title: string
  steps: string[]
}

export const parts = (policy: Policy): GuidePart[] => [
  {
    id: 'reservar',
    title: 'Reservar',
    steps: [
      'Ingresá con tu cuenta de Google.',
      'En Reservar, elegí un horario libre. Los que están rayados ya tienen dueño. Todo está en hora de Argentina; si estás en otra zona, al lado ves la tuya.',
      'Elegí si la clase es individual o grupal. Si es grupal, decí cuántas personas van a ser, de 2 a 5, contándote a vos.',
      'Si querés, contá en una línea qué te gustaría trabajar.',
    ],
  },
  {
    id: 'pagar',
    title: 'Pagar',
    steps: [
      `Revisá los datos y tocá «Pagar con Mercado Pago». Te guardamos el horario ${policy.holdMinutes} minutos.`,
      'Pagás en Mercado Pago, con tarjeta o con dinero en cuenta. El precio es el total de la clase: en una grupal paga uno solo por todos.',
      'Si algo falla podés volver y retomar el pago mientras el horario esté guardado. Si cerraste la página, lo encontrás en Inicio.',
      'Apenas se aprueba, la clase aparece en Mis clases y te llega un mail con todo.',
    ],
  },
  {
    id: 'compartir',
    title: 'Compartir el código',
    steps: [
      'Cada clase grupal tiene un código de 8 letras y números, que solo ve quien reservó. Está en Mis clases.',
      'Tocalo para copiarlo o mandalo por WhatsApp. Compartilo solo con quienes van a participar: el cupo es el que pagaste.',
      `Tus invitados ingresan con su cuenta de Google, escriben el código en Mis clases y entran. Funciona desde ${policy.joinLeadMinutes} minutos antes ${policy.joinCutoff === 'end' ? 'y hasta que termina la clase' : 'y hasta que empieza la clase'}.`,
    ],
  },
  {
    id: 'entrar',
    title: 'Entrar a la clase',
    steps: [
      `El botón «Unirse» aparece en Mis clases ${policy.joinLeadMinutes} minutos antes. No hace falta recargar la página.`,
      'Se abre Google Meet en otra pestaña. Usá la misma cuenta de Google con la que ingresaste: así no tenés que golpear la puerta.',
      'Si se corta, volvé a tocar «Unirse»: podés entrar de nuevo hasta que termine.',
    ],
  },
  ...(policy.maxReschedules === 0
    ? []
    : [
        {
          id: 'mover',
          title: 'Pasarla a otro horario',
          steps: [
            `Quien reservó puede pasar la clase a otro turno libre hasta ${policy.rescheduleHours} horas antes, ${policy.maxReschedules === 1 ? 'una vez' : `${policy.maxReschedules} veces como mucho`}. Está en Mis clases, «Reprogramar».`,
            'El enlace y los invitados quedan. El código cambia: el anterior deja de funcionar.',
            `Si la pasás cuando faltan menos de ${policy.refundHours} horas, la clase ya no tiene reembolso si después la cancelás.`,
          ],
        },
      ]),
  {
    id: 'cancelar',
    title: 'Cancelar',
    steps: [
      'En Mis clases, «Cancelar clase». Antes de confirmar te decimos qué pasa con el dinero.',
      `Hasta ${policy.refundHours} horas antes te devolvemos el total, por el mismo medio con el que pagaste. Con menos tiempo no hay reembolso.`,
      'Si la que cancela es la academia, el reembolso es siempre total.',
    ],
  },
  {
    id: 'consejos',
    title: 'Para que salga bien',
    steps: [
      'Entrá 5 a 10 minutos antes para probar el audio y la cámara.',
      'Compartí el código solo con quienes van a participar.',
      'Si te invitaron y no podés venir, avisale al anfitrión.',
      'Repasá el objetivo antes de la clase.',
    ],
  },
]
